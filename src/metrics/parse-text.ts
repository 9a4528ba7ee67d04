import type { Labels, Sample } from './exposition.ts'
import { readLabels } from './parse-labels.ts'
import { readMetadata } from './parse-metadata.ts'
import { readMetricName } from './parse-name.ts'
import { readTimestamp, readValue } from './parse-number.ts'
import { fail, HASH, NEWLINE, OPEN, type Reader, skipBlanks, tolerate } from './parse-reader.ts'

/** Shared by all samples without labels. */
export const NO_LABELS: Labels = Object.freeze({})

/** HELP or TYPE with a name behind it; any other line that begins with # is a comment, as Prometheus reads it. */
const METADATA = /#[ \t]+(HELP|TYPE)[ \t]+(?=[^ \t\n])/y

/** Reads all lines of a classic text (0.0.4, with the quoted names of Prometheus 3). */
export function readText(reader: Reader): void {
  const { text, samples, metadata } = reader
  while (reader.at < text.length) {
    skipBlanks(reader)
    const code = text.charCodeAt(reader.at)
    if (code === HASH) readComment(reader)
    else if (code !== NEWLINE) samples.push(readSample(reader))
    reader.at += 1
    reader.line += 1
  }
  if (reader.complete) return
  reader.line -= 1
  if (samples.at(-1)?.line !== reader.line && metadata.at(-1)?.line !== reader.line) return
  tolerate(reader, 'missing-newline', 'the last line does not end with a newline: was the answer cut off?')
}

/** The metric name of a sample, from before its label set or from inside of it. */
export function pickName(reader: Reader, bare: string, at: number): string {
  const { quotedName } = reader
  if (bare !== '' && quotedName !== '')
    fail(reader, 'one metric name: there is one before the brace too', { at })
  if (bare === '' && quotedName === '') fail(reader, 'a metric name', { at })
  return bare === '' ? quotedName : bare
}

function readSample(reader: Reader): Sample {
  const { text, line, at } = reader
  const bare = readMetricName(reader)
  const gap = skipBlanks(reader)
  let name = bare
  let labels = NO_LABELS
  if (text.charCodeAt(reader.at) === OPEN) {
    labels = readLabels(reader, reader.labelMemory)
    name = pickName(reader, bare, at)
    skipBlanks(reader)
  } else if (bare === '') fail(reader, 'a metric name')
  else if (!gap) fail(reader, 'a blank or { after the metric name')
  const value = readValue(reader)
  skipBlanks(reader)
  if (text.charCodeAt(reader.at) === NEWLINE) return { name, labels, value, line }
  const timestamp = readTimestamp(reader)
  skipBlanks(reader)
  if (text.charCodeAt(reader.at) !== NEWLINE) fail(reader, 'the end of the line after the timestamp')
  return { name, labels, value, timestamp, line }
}

function readComment(reader: Reader): void {
  METADATA.lastIndex = reader.at
  const keyword = METADATA.exec(reader.text)?.[1]
  if (keyword === 'HELP' || keyword === 'TYPE') {
    reader.at = METADATA.lastIndex
    readMetadata(reader, keyword)
  } else reader.at = reader.text.indexOf('\n', reader.at)
}
