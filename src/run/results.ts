import { closeSync, mkdirSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { env } from 'node:process'
import { PreflightError } from '../error.ts'
import type { Event } from '../event.ts'

/** The folder of one run: `results/<time>-<mode>/`, its event log, and what reports put there. */
export interface Results {
  readonly folder: string
  /** Appends an event as one line; readable up to the last whole line even when the process is killed. */
  append(event: Event): void
  write(name: string, text: string): void
  close(): void
}

/** Makes the folder of a run below `base`, and `latest` beside it; throws a PreflightError when it cannot be written. */
export function openResults(label: string, base = env['SHAKEDOWN_RESULTS_BASE'] ?? 'results'): Results {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const folder = makeFolder(resolve(base), `${time}-${label}`)
  const log = openSync(join(folder, 'events.ndjson'), 'a')
  return {
    folder,
    append: (event) => {
      writeSync(log, `${JSON.stringify(event)}\n`)
    },
    write(name, text) {
      const file = openSync(join(folder, name), 'w')
      writeSync(file, text)
      closeSync(file)
    },
    close: () => closeSync(log),
  }
}

function makeFolder(base: string, name: string): string {
  try {
    mkdirSync(base, { recursive: true })
    const folder = makeFree(base, name)
    linkLatest(base, folder)
    return folder
  } catch (cause) {
    throw new PreflightError(`results cannot be written to ${base}`, {
      last: cause instanceof Error ? cause.message : String(cause),
      hint: 'choose another folder: --results DIR',
      cause,
    })
  }
}

/** Two runs in the same second get two folders. */
function makeFree(base: string, name: string): string {
  for (let attempt = 1; ; attempt += 1) {
    const folder = join(base, attempt === 1 ? name : `${name}-${attempt}`)
    try {
      mkdirSync(folder)
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
