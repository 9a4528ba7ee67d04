import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Kind, signalOf } from './kinds.ts'

/** What a run wrote about itself. */
export interface Story {
  /** Events of all logs; a last line that is not whole is none. */
  readonly events: readonly { readonly kind: string; readonly exit?: number }[]
  /** Lines that are whole and no JSON. */
  readonly broken: readonly string[]
  /** Every run has its reports. */
  readonly isReported: boolean
}

/** How it ended. */
export interface End {
  readonly kind: Kind
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** It had ended by itself before. */
  readonly tooLate: boolean
  /** What it printed, both streams. */
  readonly output: string
}

const CODES: Readonly<Partial<Record<Kind, number>>> = { int: 130, term: 143, hup: 129 }

/** Reads the event logs below a folder of results. */
export function readStory(base: string): Story {
  const runs = (existsSync(base) ? readdirSync(base) : []).filter(
    (name) => name !== 'latest' && existsSync(join(base, name, 'events.ndjson')),
  )
  const lines = runs.flatMap((name) =>
    readFileSync(join(base, name, 'events.ndjson'), 'utf8')
      .split('\n')
      .slice(0, -1),
  )
  const parsed = lines.map(parse)
  return {
    events: parsed.flatMap(({ event }) => event ?? []),
    isReported: runs.every((name) => existsSync(join(base, name, 'junit.xml'))),
    broken: parsed.flatMap(({ event }, index) => (event === undefined ? [lines[index] ?? ''] : [])),
  }
}

/** What is not as promised about exit code, log and report. */
export function judgeStory({ events, broken, isReported }: Story, end: End): readonly string[] {
  const wrong = broken.map((line) => `no JSON in the log: ${line.slice(0, 80)}`)
  const told = events.findLast(({ kind }) => kind === 'run:end')?.exit
  const began = events.some(({ kind }) => kind === 'run:start')
  const { kind, code, signal, tooLate, output } = end
  const wanted = CODES[kind]
  // At its very end a run is no longer interrupted: it says how it went.
  const isOver = code === 0 && (told ?? 0) === 0
  const how = `${signal ?? `exit code ${code}`}, the log says ${told}: ${output.slice(-2000)}`
  if (tooLate) return code === 0 ? wrong : [...wrong, `it was to be green: ${how}`]
  if (kind === 'watchdog') return isOver || signal !== null ? wrong : [...wrong, `it was to be green: ${how}`]
  if (kind === 'script') return code === 0 ? [...wrong, `it was to be red: ${how}`] : wrong
  if (wanted === undefined || isOver) return wrong
  // Node hears nothing any more once the last line of JavaScript has run: a signal then ends it like every program.
  if (signal === signalOf(kind) && told === 0 && isReported) return wrong
  // Before it could listen, a signal does what it does to every program.
  if (!began) return signal !== null || code === wanted ? wrong : [...wrong, `it did not end at once: ${how}`]
  if (code !== wanted || told !== wanted) return [...wrong, `it was to end with ${wanted}: ${how}`]
  if (!isReported) return [...wrong, 'its reports are not there']
  return /interrupted/.test(output) ? wrong : [...wrong, 'it did not say that it was interrupted']
}

/** A line as an event; undefined where it is none. */
function parse(line: string): { readonly event: Story['events'][number] | undefined } {
  try {
    return { event: JSON.parse(line) }
  } catch {
    // That is what is looked for.
    return { event: undefined }
  }
}
