import type { Labels } from './exposition.ts'
import { isLetter, readLabelName, readQuoted, readQuotedName } from './parse-name.ts'
import {
  BACKSLASH,
  CLOSE,
  COMMA,
  EQUALS,
  fail,
  type LabelMemory,
  NEWLINE,
  QUOTE,
  type Reader,
  readGap,
  skipBlanks,
  tolerate,
} from './parse-reader.ts'

/** Shared by all samples without labels. */
export const NO_LABELS: Labels = Object.freeze({})

/** What stood before the place where the next label may begin. */
type Before = 'brace' | 'name' | 'value'

interface Name {
  readonly text: string
  readonly at: number
}

/** Reads a label set from its opening brace on; a metric name in it goes to `quotedName`. */
export function readLabels(reader: Reader, memory: LabelMemory): Record<string, string> {
  const { text } = reader
  const { names, leads } = memory
  const labels: Record<string, string> = {}
  let at = reader.at + 1
  reader.quotedName = ''
  for (let index = 0; text.charCodeAt(at) !== CLOSE; index += 1) {
    const lead = leads[index]
    const name = names[index]
    if (lead === undefined || name === undefined || !text.startsWith(lead, at)) {
      reader.at = at
      return readNewLabels(reader, memory, { labels, index })
    }
    const start = at + lead.length
    at = findValueEnd(text, start)
    if (text.charCodeAt(at) === QUOTE) {
      labels[name] = text.slice(start, at)
      at += 1
    } else {
      reader.at = start
      labels[name] = readLabelValue(reader)
      at = reader.at
    }
  }
  reader.at = at + 1
  return labels
}

/** The place of the first character after `at` that ends a plain label value. */
function findValueEnd(text: string, at: number): number {
  let end = at
  let code = text.charCodeAt(end)
  while (code !== QUOTE && code !== BACKSLASH && code !== NEWLINE) code = text.charCodeAt(++end)
  return end
}

/** Reads the labels from the first one on that is not written as in the set before, and remembers them. */
function readNewLabels(
  reader: Reader,
  memory: LabelMemory,
  known: { readonly labels: Record<string, string>; readonly index: number },
): Record<string, string> {
  const { labels, index } = known
  memory.names.length = index
  memory.leads.length = index
  const odd = reader.tolerated.length
  let before: Before = index === 0 ? 'brace' : 'value'
  let from = reader.at
  while (enterLabel(reader, before)) {
    const name = readName(reader)
    if (name === undefined) {
      before = 'name'
      continue
    }
    refuseTwice(reader, labels, name)
    memory.names.push(name.text)
    memory.leads.push(reader.text.slice(from, reader.at))
    setLabel(labels, name.text, readLabelValue(reader))
    before = 'value'
    from = reader.at
  }
  if (reader.quotedName !== '' || reader.tolerated.length > odd || Object.hasOwn(labels, '__proto__'))
    forget(memory)
  return labels
}

/** Steps to the next label or quoted name; false when the closing brace was stepped over instead. */
function enterLabel(reader: Reader, before: Before): boolean {
  if (reader.dialect === 'text') skipBlanks(reader)
  const code = reader.text.charCodeAt(reader.at)
  if (code === CLOSE) {
    reader.at += 1
    return false
  }
  if (before === 'brace') return code !== COMMA || reader.dialect !== 'text' || enterAfterLoneComma(reader)
  if (code !== COMMA) return enterWithoutComma(reader, before, code)
  reader.at += 1
  const gap = readGap(reader)
  if (reader.dialect === 'openmetrics') {
    if (gap)
      tolerate(reader, 'blank-in-labels', 'OpenMetrics has no blanks between labels, Prometheus refuses them')
    return true
  }
  if (reader.text.charCodeAt(reader.at) !== CLOSE) return true
  reader.at += 1
  return false
}

function enterAfterLoneComma(reader: Reader): boolean {
  const comma = reader.at
  reader.at += 1
  skipBlanks(reader)
  if (reader.text.charCodeAt(reader.at) !== CLOSE)
    fail(reader, 'a label name or a closing brace', { at: comma })
  tolerate(reader, 'lone-comma', 'a comma without labels, which Prometheus refuses')
  reader.at += 1
  return false
}

function enterWithoutComma(reader: Reader, before: Before, code: number): boolean {
  const label = isLetter(code) || code === QUOTE
  if (before !== 'value' || !label || reader.dialect !== 'text') fail(reader, 'a comma or a closing brace')
  tolerate(reader, 'missing-comma', 'no comma between two labels')
  return true
}

/** Reads a label name and over `="`, and returns it with its place; undefined when it was the metric name. */
function readName(reader: Reader): Name | undefined {
  const { at } = reader
  const quoted = reader.text.charCodeAt(at) === QUOTE
  const text = quoted ? readQuotedName(reader) : readLabelName(reader)
  if (text === '') fail(reader, 'a label name')
  if (reader.dialect === 'text') skipBlanks(reader)
  if (reader.text.charCodeAt(reader.at) !== EQUALS) {
    if (!quoted) fail(reader, '= after the label name')
    if (reader.quotedName !== '') fail(reader, '= after the label name: the metric has a name already')
    reader.quotedName = text
    return undefined
  }
  reader.at += 1
  if (reader.dialect === 'text') skipBlanks(reader)
  if (reader.text.charCodeAt(reader.at) !== QUOTE) fail(reader, 'a double quote before the label value')
  reader.at += 1
  return { text, at }
}

function readLabelValue(reader: Reader): string {
  return readQuoted(reader, reader.dialect === 'text' ? 'tolerate' : 'keep')
}

function refuseTwice(reader: Reader, labels: Record<string, string>, { text, at }: Name): void {
  if (Object.hasOwn(labels, text)) fail(reader, `another label: ${text} was given already`, { at })
  if (text === '__name__') fail(reader, 'another label: __name__ is the metric name itself', { at })
}

/** Assigning to `__proto__` would lose the label. */
function setLabel(labels: Record<string, string>, name: string, value: string): void {
  if (name !== '__proto__') labels[name] = value
  else Object.defineProperty(labels, name, { value, enumerable: true, writable: true, configurable: true })
}

function forget(memory: LabelMemory): void {
  memory.names.length = 0
  memory.leads.length = 0
}
