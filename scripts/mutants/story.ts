import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The first thing in a run that went wrong, as its events tell. */
export interface FirstFailure {
  /** Script, scenario and step, as far as there are any. */
  readonly where: string
  /** The first line of the message. */
  readonly title: string
  readonly message: string
  /** Milliseconds since 1970. */
  readonly time: number
}

/** What all those events that tell a failure have in common; everything else in the log is not looked at. */
interface Told {
  readonly time: number
  readonly kind: string
  readonly script: string
  readonly scenario?: string
  readonly id?: string
  readonly parent?: string
  readonly title?: string
  readonly outcome?: string
  readonly error?: { readonly title: string; readonly message: string }
  readonly what?: string
  readonly detail?: string
}

/** Reads the events of the one run below a folder; undefined where nothing has failed so far. A half-written line is not read. */
export function readFirstFailure(folder: string): FirstFailure | undefined {
  const [file] = globSync('*/events.ndjson', { cwd: folder })
  if (file === undefined || !existsSync(join(folder, file))) return undefined
  const events = readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}') && isOfInterest(line))
    .map((line): Told => JSON.parse(line))
  const failed = events.find(isFailure)
  return failed === undefined ? undefined : describe(failed, events)
}

function isOfInterest(line: string): boolean {
  return /"kind":"(scenario:start|step:end|scenario:end|leak|teardown:error)"/.test(line)
}

function isFailure({ kind, outcome }: Told): boolean {
  if (kind === 'leak' || kind === 'teardown:error') return true
  return outcome === 'failed' && kind.endsWith(':end')
}

function describe(failed: Told, events: readonly Told[]): FirstFailure {
  const scenario = events.find(
    ({ kind, id, script }) => kind === 'scenario:start' && id === failed.scenario && script === failed.script,
  )
  const script = failed.script.replace(/^.*\/|\.mts$/g, '')
  const own = failed.kind === 'step:end' || failed.kind === 'scenario:end' ? failed.title : failed.kind
  const title = failed.error?.title ?? `${failed.what ?? ''} ${failed.detail ?? ''}`.trim()
  return {
    where: [script, scenario?.title, own].filter((part) => part !== undefined && part !== '').join(' › '),
    title,
    message: failed.error?.message ?? title,
    time: failed.time,
  }
}
