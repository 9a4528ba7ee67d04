import { closeSync, mkdirSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { PreflightError, toError } from '../error.ts'
import type { Event } from '../event.ts'

/** The folder of one run: `results/<time>-<mode>/`, its event log, and what reports put there. */
export interface Results {
  readonly folder: string
  /** Appends an event as one line; readable up to the last whole line even when the process is killed. */
  append(event: Event): void
  close(): void
}

/** Where the results of a run are put, and how their folder is called. */
export interface ResultsOptions {
  /** Where the folder is made; `SHAKEDOWN_RESULTS_BASE` or `results` where it is not given. */
  readonly base?: string | undefined
  /** Called once, when the log cannot be written any more: the run goes on without it. */
  onBroken(error: Error): void
}

/** Where the folders of runs are: as it is given, else `SHAKEDOWN_RESULTS_BASE`, else `results`. */
export function resultsBase(given?: string): string {
  return given ?? process.env['SHAKEDOWN_RESULTS_BASE'] ?? 'results'
}

/** Makes the folder of a run, and `latest` beside it; throws a PreflightError when it cannot be written. */
export function openResults(label: string, options: ResultsOptions): Results {
  const base = resolve(resultsBase(options.base))
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const { folder, log } = preparing(base, () => {
    const made = makeFolder(base, `${time}-${label}`)
    return { folder: made, log: openSync(join(made, 'events.ndjson'), 'a') }
  })
  let isBroken = false
  return {
    folder,
    append(event) {
      if (isBroken) return
      try {
        writeWhole(log, `${JSON.stringify(event)}\n`)
      } catch (thrown) {
        isBroken = true
        options.onBroken(toError(thrown))
      }
    },
    close: () => closeSync(log),
  }
}

/** Where the scripts of a run keep what their services print, and what is looked at after a failure. */
export function placesIn(folder: string): Readonly<Record<string, string>> {
  return { SHAKEDOWN_LOGS: join(folder, 'logs'), SHAKEDOWN_EVIDENCE: join(folder, 'evidence') }
}

function preparing<T>(base: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw new PreflightError(`results cannot be written to ${base}`, {
      last: toError(cause).message,
      hint: 'choose another folder: --results DIR',
      cause,
    })
  }
}

function makeFolder(base: string, name: string): string {
  mkdirSync(base, { recursive: true })
  const folder = makeFree(base, name)
  linkLatest(base, folder)
  return folder
}

/** Two runs in the same second get two folders. */
function makeFree(base: string, name: string): string {
  for (let attempt = 1; ; attempt += 1) {
    const folder = join(base, attempt === 1 ? name : `${name}-${attempt}`)
    try {
      // What services print is not for everybody on the machine.
      mkdirSync(folder, { mode: 0o700 })
      return folder
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error
    }
  }
}

function linkLatest(base: string, folder: string): void {
  try {
    rmSync(join(base, 'latest'), { force: true })
    symlinkSync(basename(folder), join(base, 'latest'))
  } catch {
    // A convenience only: another run made it at the same moment, or this system has no links.
  }
}

/** A disk that is nearly full may take a part of a line and say so only with the count. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from)
}
