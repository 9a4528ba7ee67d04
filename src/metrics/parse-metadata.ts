import { didYouMean } from '../nearest.ts'
import type { MetricType } from './exposition.ts'
import { readFamilyName } from './parse-name.ts'
import { fail, type Reader, readGap, tolerate } from './parse-reader.ts'

type Keyword = 'HELP' | 'TYPE' | 'UNIT'

const SHARED_TYPES = ['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary'] as const
const TYPES: Readonly<Record<Reader['dialect'], ReadonlyMap<string, MetricType>>> = {
  text: new Map<string, MetricType>([
    ...SHARED_TYPES.map((type) => [type, type] as const),
    ['untyped', 'unknown'],
    ['gauge_histogram', 'gaugehistogram'],
  ]),
  openmetrics: new Map<string, MetricType>(
    [...SHARED_TYPES, 'info' as const, 'stateset' as const, 'unknown' as const].map((type) => [type, type]),
  ),
}
/** What Prometheus itself knows in classic text. */
const CLASSIC: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped'])
const UNIT = /^[a-zA-Z0-9_:]*$/
const LONGEST_WORD = 40

/** Reads a metadata line from behind its keyword to the end of the line. */
export function readMetadata(reader: Reader, keyword: Keyword): void {
  const { line, metadata } = reader
  const family = readFamilyName(reader)
  const rest = readRest(reader, keyword)
  if (keyword === 'HELP') metadata.push({ kind: 'help', family, help: resolveHelp(reader, rest), line })
  if (keyword === 'TYPE') metadata.push({ kind: 'type', family, type: resolveType(reader, rest), line })
  if (keyword === 'UNIT') metadata.push({ kind: 'unit', family, unit: resolveUnit(reader, rest), line })
  reader.at += rest.length
}

/** The text behind the family's name; the reader stands before it. Only the HELP of classic text may be missing. */
function readRest(reader: Reader, keyword: Keyword): string {
  const end = reader.text.indexOf('\n', reader.at)
  const gap = readGap(reader)
  const optional = keyword === 'HELP' && reader.dialect === 'text' && reader.at === end
  if (!gap && !optional) fail(reader, 'a space after the metric name')
  return reader.text.slice(reader.at, end)
}

/** OpenMetrics escapes quotes too; classic text leaves `\"` as it stands. */
function resolveHelp(reader: Reader, rest: string): string {
  if (!rest.includes('\\')) return rest
  const escapes = reader.dialect === 'text' ? /\\([\\n])/g : /\\([\\n"])/g
  return rest.replace(escapes, (_, letter: string) => (letter === 'n' ? '\n' : letter))
}

function resolveType(reader: Reader, rest: string): MetricType {
  const types = TYPES[reader.dialect]
  const word = reader.dialect === 'text' ? trimBlanks(rest) : rest
  const type = types.get(word)
  if (type !== undefined) {
    if (reader.dialect === 'text') noteClassicOddities(reader, word, rest)
    return type
  }
  return fail(reader, `a type: one of ${[...types.keys()].join(', ')}`, { hint: hintType(word, types) })
}

function noteClassicOddities(reader: Reader, word: string, rest: string): void {
  if (!CLASSIC.has(word)) {
    tolerate(reader, 'type-not-classic', `${word} is no type of classic text, Prometheus refuses it`)
  }
  const before = reader.text.slice(reader.at - 2, reader.at)
  if (word === rest && before.trim() !== '') return
  tolerate(
    reader,
    'blank-around-type',
    'more than one blank before the type or one after it, which Prometheus refuses',
  )
}

/** Without the blanks at the end; a carriage return is none. */
function trimBlanks(rest: string): string {
  const word = /^[^ \t]*/.exec(rest)?.[0] ?? ''
  return /^[ \t]*$/.test(rest.slice(word.length)) ? word : rest
}

function hintType(word: string, types: ReadonlyMap<string, MetricType>): string {
  if (word === 'untyped') return 'OpenMetrics says unknown'
  if (word === 'unknown') return 'classic text says untyped'
  if (word === 'info' || word === 'stateset') return `${word} is OpenMetrics: is the Content-Type right?`
  return didYouMean(word.trim().slice(0, LONGEST_WORD), types.keys())
}

function resolveUnit(reader: Reader, rest: string): string {
  const wrong = rest.search(/[^a-zA-Z0-9_:]/)
  if (!UNIT.test(rest))
    fail(reader, 'a unit of letters, digits and _', { at: reader.at + Math.max(wrong, 0) })
  return rest
}
