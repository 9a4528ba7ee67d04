import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineObject } from './docker/object.ts'
import { listFolder } from './list-folder.ts'
import type { Family } from './process/family.ts'
import type { Identity } from './process/identity.ts'

/** What a run writes down about itself before anything can go wrong: one JSON line for each. */
export type Entry =
  | (Identity & {
      readonly kind: 'run'
      readonly run: string
      readonly command: readonly string[]
      readonly cwd: string
      /** Milliseconds since 1970. */
      readonly time: number
    })
  | (Identity & { readonly kind: 'watchdog' })
  /** Before the launch: what was about to be started if this is the last line. */
  | { readonly kind: 'launch'; readonly service: string }
  /** Right after it, long before it is ready; descendants when they are seen. */
  | (Identity & { readonly kind: 'process'; readonly service: string; readonly seen?: true })
  /** What an engine of containers is asked to make; again once it is there. */
  | (EngineObject & { readonly kind: 'object'; readonly made: boolean })
  /** A folder outside of the run's own that must go when the runner was killed. */
  | { readonly kind: 'folder'; readonly path: string }

/** What is known of a run from its ledger. */
export interface LedgerRecord {
  readonly folder: string
  readonly runner: Entry & { readonly kind: 'run' }
  readonly watchdogs: readonly Identity[]
  readonly processes: readonly (Entry & { readonly kind: 'process' })[]
  readonly folders: readonly string[]
  readonly objects: readonly (EngineObject & { readonly made: boolean })[]
}

const NAME = 'ledger.ndjson'

/** Appends to the ledger in a run's folder; on disk, for other processes to read, when it returns. */
export function note(folder: string, entry: Entry): void {
  appendFileSync(join(folder, NAME), `${JSON.stringify(entry)}\n`, { mode: 0o600 })
}

/** Reads a run's ledger up to its last whole line; undefined where there is none, or not even its first line. */
export function readLedger(folder: string): LedgerRecord | undefined {
  const entries = readEntries(join(folder, NAME))
  const runner = entries.find((entry) => entry.kind === 'run')
  if (runner === undefined) return undefined
  return {
    folder,
    runner,
    watchdogs: entries.filter((entry) => entry.kind === 'watchdog'),
    processes: entries.filter((entry) => entry.kind === 'process'),
    folders: entries.flatMap((entry) => (entry.kind === 'folder' ? [entry.path] : [])),
    objects: objectsIn(entries),
  }
}

/** Each once, as it was noted last. */
function objectsIn(entries: readonly Entry[]): LedgerRecord['objects'] {
  const objects = entries.filter((entry) => entry.kind === 'object')
  return [...new Map(objects.map((object) => [`${object.what} ${object.name}`, object])).values()]
}

/** The ledgers of all runs below a folder. */
export function readLedgers(runs: string): readonly LedgerRecord[] {
  return listFolder(runs).flatMap((name) => readLedger(join(runs, name)) ?? [])
}

/** By what the processes of that run are known. */
export function familyOf({ runner, processes }: LedgerRecord): Family {
  return { run: runner.run, known: processes, since: runner.start }
}

function readEntries(file: string): readonly Entry[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    // No ledger: the run was never written down, or is removed at this moment.
    return []
  }
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .flatMap(parseEntry)
}

/** A disk that was full may have cut a line in the middle of the ledger. */
function parseEntry(line: string): readonly Entry[] {
  try {
    return line === '' ? [] : [JSON.parse(line)]
  } catch {
    // What is left of that line tells nothing; the birthmark still tells the process.
    return []
  }
}
