import type { Dialect, ExpositionFinding, ExpositionRule, Metadata, Sample } from './exposition.ts'
import { ExpositionError, placeAt } from './exposition-error.ts'

/** Ends every line. */
export const NEWLINE = 10
/** A blank of classic text. */
export const TAB = 9
/** A blank of both dialects. */
export const SPACE = 32
/** Stands around values and quoted names. */
export const QUOTE = 34
/** Begins metadata, comments and exemplars. */
export const HASH = 35
/** Stands between labels. */
export const COMMA = 44
/** Stands between a label name and its value. */
export const EQUALS = 61
/** Begins an escape. */
export const BACKSLASH = 92
/** The brace that opens a label set. */
export const OPEN = 123
/** The brace that closes a label set. */
export const CLOSE = 125

/** The label names of the set read last and the texts that led to their values: the next set is mostly written alike. */
export interface LabelMemory {
  readonly names: string[]
  readonly leads: string[]
}

/** Where the parser stands and what it has gathered. `text` ends with a newline, so no scan needs a bounds check. */
export interface Reader {
  readonly dialect: Dialect
  readonly text: string
  /** Whether that last newline was there from the start. */
  readonly complete: boolean
  /** The offset of the next character, and the number of its line. */
  at: number
  line: number
  readonly samples: Sample[]
  readonly metadata: Metadata[]
  readonly tolerated: ExpositionFinding[]
  lastName: string
  /** The metric name that stood quoted in the label set read last, else ''. */
  quotedName: string
  readonly labelMemory: LabelMemory
  readonly exemplarMemory: LabelMemory
}

/** A reader before the first character; the missing newline of a last line is added. */
export function openReader(text: string, dialect: Dialect): Reader {
  const complete = text === '' || text.endsWith('\n')
  return {
    dialect,
    text: complete ? text : `${text}\n`,
    complete,
    at: 0,
    line: 1,
    samples: [],
    metadata: [],
    tolerated: [],
    lastName: '',
    quotedName: '',
    labelMemory: { names: [], leads: [] },
    exemplarMemory: { names: [], leads: [] },
  }
}

/** Ends the reading: `expected` is what the grammar wants at `at`, which is where the reader stands unless given. */
export function fail(reader: Reader, expected: string, more: { at?: number; hint?: string } = {}): never {
  const { text } = reader
  const at = more.at ?? reader.at
  const place = placeAt(text, at)
  throw new ExpositionError(`not an exposition: line ${place.line}, column ${place.column}`, {
    expected: `${expected}, found ${nameFound(place.text.slice(place.column - 1), at >= text.length)}`,
    hint: hintInvisible(place.text) ?? more.hint,
    place,
  })
}

/** Notes what is read here although other readers refuse it. */
export function tolerate(reader: Reader, rule: ExpositionRule, message: string): void {
  reader.tolerated.push({ rule, message, line: reader.line })
}

/** Steps over the gap between two tokens: any blanks in text, exactly one space in OpenMetrics. False when there is none. */
export function readGap(reader: Reader): boolean {
  if (reader.dialect === 'text') return skipBlanks(reader)
  if (reader.text.charCodeAt(reader.at) !== SPACE) return false
  reader.at += 1
  return true
}

/** Steps over spaces and tabs; false when there are none. */
export function skipBlanks(reader: Reader): boolean {
  const { text, at } = reader
  let end = at
  let code = text.charCodeAt(end)
  while (code === SPACE || code === TAB) code = text.charCodeAt(++end)
  reader.at = end
  return end > at
}

function hintInvisible(lineText: string): string | undefined {
  if (lineText.endsWith('\r')) return 'the line ends with \\r\\n, the format ends lines with \\n'
  return lineText.startsWith('\uFEFF')
    ? 'the text begins with a byte order mark, the format has none'
    : undefined
}

/** The word or the single character that stands there. */
function nameFound(rest: string, ended: boolean): string {
  if (rest === '') return ended ? 'the end of the text' : 'the end of the line'
  const found = /^[^\s{}",=]{1,30}/.exec(rest)?.[0] ?? [...rest.slice(0, 2)][0]
  return JSON.stringify(found)
}
