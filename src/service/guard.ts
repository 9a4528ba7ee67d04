import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { execPath, kill } from 'node:process'
import { fileURLToPath } from 'node:url'
import { compiledBefore } from '../compile-cache.ts'
import { runId } from '../run-id.ts'
import type { EngineObject } from './docker/object.ts'
import { type Entry, note } from './ledger.ts'
import { releasePortsOf } from './ports.ts'
import { birthmarkOf } from './process/birthmark.ts'
import { type Family, WATCHDOG_VARIABLE } from './process/family.ts'
import { type Identity, identify } from './process/identity.ts'
import { requireTable } from './process/require.ts'
import { sweepNow } from './process/sweep.ts'
import { freshFolder, inState, makeStateFolder, runFolder } from './state.ts'

/** Sees to it that nothing of this run outlives it: its ledger, and the watchdog that reads it when the runner is gone. */
export interface Guard {
  readonly folder: string
  /** The mark with which a service's processes are born. */
  markOf(service: string): bigint
  /** Before a launch. */
  noteLaunch(service: string): void
  /** Right after it; and for descendants that are seen later. */
  noteProcess(service: string, identity: Identity, seen?: true): void
  /** Before a folder is made that the runner removes itself, as long as it lives. */
  noteFolder(path: string): void
  /** Before an engine of containers is asked to make something, and once it is there. */
  noteObject(object: EngineObject, made?: true): void
  /** It is gone. */
  forgetObject(name: string): void
  /** What it was asked to make and is not known to be gone, by name. */
  readonly objects: ReadonlyMap<string, EngineObject>
  /** By what everything of this run is known. */
  family(): Family
}

/** A watchdog that somebody ends is replaced, but not for ever. */
const WATCHDOGS = 3

let guard: Guard | undefined

/** The guard of this process, from the first service on; throws a PreflightError when there is no room for its ledger. */
export function openGuard(): Guard {
  guard ??= createGuard()
  return guard
}

/** The guard, if there was a service at all. */
export function currentGuard(): Guard | undefined {
  return guard
}

function createGuard(): Guard {
  requireTable()
  const self = identify(process.pid) ?? { pid: process.pid, start: '0', boot: '' }
  const folder = runFolder()
  const known: Identity[] = []
  const services: string[] = []
  const objects = new Map<string, EngineObject>()
  // Before there is anything to guard: at no moment is there a folder without somebody who would remove it.
  let watchdog = startWatchdog(folder)
  makeRunFolder(folder, self)
  keepWatchdog(watchdog, WATCHDOGS)
  process.on('exit', () => {
    sweepNow(family())
    releasePortsOf(runId)
    // An engine cannot be asked any more, the loop has ended: what is left there is for the watchdog.
    if (objects.size > 0) return
    rmSync(folder, { recursive: true, force: true })
    // Everything is done: it would only look and end.
    if (watchdog.pid !== undefined && watchdog.exitCode === null) kill(watchdog.pid, 'SIGKILL')
  })
  const family = () => ({ run: runId, known, since: self.start })

  function keepWatchdog(child: ChildProcess, left: number): void {
    watchdog = child
    const identity = child.pid === undefined ? undefined : identify(child.pid)
    if (identity !== undefined) note(folder, { kind: 'watchdog', ...identity })
    child.on('exit', () => {
      if (left > 1) keepWatchdog(startWatchdog(folder), left - 1)
    })
  }

  return {
    folder,
    family,
    markOf(service) {
      if (!services.includes(service)) services.push(service)
      return birthmarkOf(runId, services.indexOf(service))
    },
    noteLaunch: (service) => inState(() => note(folder, { kind: 'launch', service })),
    objects,
    noteObject(object, made) {
      // The first word on the pipe: from now on there is an engine to be asked.
      if (objects.size === 0) watchdog.stdin?.write('objects\n')
      objects.set(object.name, object)
      inState(() => note(folder, { kind: 'object', ...object, made: made ?? false }))
    },
    forgetObject: (name) => objects.delete(name),
    noteFolder: (path) => inState(() => note(folder, { kind: 'folder', path })),
    noteProcess(service, identity, seen) {
      known.push(identity)
      const entry: Entry = { kind: 'process', service, ...identity }
      try {
        note(folder, seen === undefined ? entry : { ...entry, seen })
      } catch {
        // The disk got full just now. It is still known here, and to the watchdog by its marks.
      }
    },
  }
}

/** The folder appears with its ledger in it: one without is nobody's. */
function makeRunFolder(folder: string, self: Identity): void {
  makeStateFolder()
  makeStateFolder('runs')
  const fresh = freshFolder(folder)
  const { argv } = process
  inState(() => {
    mkdirSync(fresh, { mode: 0o711 })
    note(fresh, { kind: 'run', run: runId, ...self, command: argv, cwd: process.cwd(), time: Date.now() })
    renameSync(fresh, folder)
  })
}

function startWatchdog(folder: string): ChildProcess {
  // Runs from src/ as .mts and from dist/ as .mjs: beside this very file in both.
  const file = fileURLToPath(import.meta.url).replace(/guard\.(.)s$/, 'watchdog.m$1s')
  const child = spawn(execPath, [file, folder], {
    detached: true,
    cwd: '/',
    env: { ...withoutNodeOptions(), ...compiledBefore(), [WATCHDOG_VARIABLE]: runId },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  const { stdin } = child
  if (stdin instanceof Socket) stdin.unref()
  stdin?.on('error', () => {
    // The watchdog is gone: its exit says so, too.
  })
  child.on('error', () => {
    // No process could be made (EAGAIN, EMFILE): the next run finds what this one leaves.
  })
  return child
}

/** What the script is debugged, covered or tested with is nothing for the watchdog. */
function withoutNodeOptions(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, NODE_V8_COVERAGE, NODE_TEST_CONTEXT, NODE_CHANNEL_FD, ...rest } = process.env
  return rest
}
