import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LONGEST = 140

/** The first thing in a run that went wrong, as its events tell. */
export interface FirstFailure {
  /** Script, scenario and step, as far as there are any. */
  readonly where: string
  /** The first line of the message. */
  readonly title: string
  /** What was expected and what was seen, on one line; empty where the message has no such lines. */
  readonly seen: string
  readonly message: string
  /** The rows of the contract that the step which failed is there for. */
  readonly proves: readonly string[]
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
  readonly proves?: readonly string[]
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
  const message = failed.error?.message ?? title
  return {
    where: [script, scenario?.title, own].filter((part) => part !== undefined && part !== '').join(' › '),
    title,
    seen: tellSeen(message),
    message,
    proves: failed.proves ?? [],
    time: failed.time,
  }
}

/** What differs between two lists where the message says it, else its parts `expected` and `last`, each on one line. */
function tellSeen(message: string): string {
  const differing = [...message.matchAll(/^(?: {2}hint)? +((?:missing|not expected): .+)$/gm)]
  if (differing.length > 0) return shorten(differing.map(([, line]) => line).join(' · '))
  const parts = ['expected', 'last'].flatMap((word) => {
    const [, text] = new RegExp(`\\n {2}${word} +(.+(?:\\n {4,}.+)*)`).exec(message) ?? []
    return text === undefined ? [] : [`${word} ${shorten(text.replaceAll(/\s+/g, ' '))}`]
  })
  return parts.join(' · ')
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
