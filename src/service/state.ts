import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { env } from 'node:process'
import { PreflightError, toError } from '../error.ts'
import { runId } from '../run-id.ts'

/** Where runs of this user keep what must outlive them: ledgers, leases, folders of services. `SHAKEDOWN_STATE` moves it. */
export function stateFolder(): string {
  return env['SHAKEDOWN_STATE'] ?? join(tmpdir(), `shakedown-${process.getuid?.() ?? 'user'}`)
}

/** The folder of one run. Short, because sockets below it have at most 107 characters. */
export function runFolder(run: string = runId): string {
  return join(stateFolder(), 'runs', run.slice(0, 12))
}

/** What a run's folder is called until its ledger is in it. */
export function freshFolder(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}`)
}

/** Makes a folder below the state folder; throws a PreflightError when that cannot be, or when it is somebody else's. */
export function makeStateFolder(...below: readonly string[]): string {
  const root = stateFolder()
  const folder = join(root, ...below)
  return inState(() => {
    // Others may pass through it, to folders that are theirs: a database runs as its own user.
    mkdirSync(folder, { recursive: true, mode: 0o711 })
    const { uid } = lstatSync(root)
    if (process.getuid !== undefined && uid !== process.getuid())
      throw new Error(`${root} belongs to user ${uid}`)
    if (below.length === 0) chmodSync(root, 0o711)
    return folder
  })
}

/** Writes something below the state folder; what the disk refuses is a PreflightError that says what to do. */
export function inState<T>(act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw new PreflightError(`there is no room for services: ${stateFolder()} cannot be used`, {
      last: toError(cause).message,
      hint: 'make room there, or name another folder: SHAKEDOWN_STATE=/path',
      cause,
    })
  }
}

/**
 * Where a service's log goes: `SHAKEDOWN_LOGS` names the folder, so that it stays after the run; else it goes with the run's
 * folder. Undefined where there is neither: a run of which nothing is started on this machine.
 */
export function logFileOf(service: string, run: string | undefined): string | undefined {
  const folder = env['SHAKEDOWN_LOGS'] ?? (run === undefined ? undefined : join(run, 'logs'))
  return folder === undefined ? undefined : join(folder, `${service}.log`)
}
