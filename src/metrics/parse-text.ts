import type { Sample } from './exposition.ts'
import { NO_LABELS, readLabels } from './parse-labels.ts'
import { readMetadata } from './parse-metadata.ts'
import { pickName, readMetricName } from './parse-name.ts'
import { readTimestamp, readValue } from './parse-number.ts'
import { fail, HASH, NEWLINE, OPEN, type Reader, skipBlanks, tolerate } from './parse-reader.ts'

/** HELP or TYPE and a blank; any other line that begins with # is a comment, as Prometheus reads it. */
const METADATA = /#[ \t]+(HELP|TYPE)[ \t]+/y
const GLUED = /#(?:HELP|TYPE)(?=[ \t])/y

/** Reads all lines of a classic text (0.0.4, with the quoted names of Prometheus 3). */
export function readText(reader: Reader): void {
  const { text, samples, metadata } = reader
  while (reader.at < text.length) {
    const indented = skipBlanks(reader)
    const code = text.charCodeAt(reader.at)
    if (code === HASH) readComment(reader)
    else if (code !== NEWLINE) {
      samples.push(readSample(reader))
      if (indented) tolerate(reader, 'indented-sample', 'blanks before a sample, which Prometheus 2 refuses')
    }
    reader.at += 1
    reader.line += 1
  }
  if (reader.complete) return
  reader.line -= 1
  if (samples.at(-1)?.line !== reader.line && metadata.at(-1)?.line !== reader.line) return
  tolerate(reader, 'missing-newline', 'the last line does not end with a newline: was the answer cut off?')
}

function readSample(reader: Reader): Sample {
  const { text, line, at } = reader
  const bare = readMetricName(reader)
  const gap = text.charCodeAt(reader.at) !== OPEN && skipBlanks(reader)
  let name = bare
  let labels = NO_LABELS
  if (text.charCodeAt(reader.at) === OPEN) {
    labels = readLabels(reader, reader.labelMemory)
    if (bare === '' || reader.quotedName !== '') name = pickName(reader, bare, at)
    skipBlanks(reader)
  } else if (bare === '') fail(reader, 'a metric name')
  else if (!gap) fail(reader, 'a blank or { after the metric name')
  const value = readValue(reader)
  if (endLine(reader)) return { name, labels, value, line }
  const timestamp = readTimestamp(reader)
  if (!endLine(reader)) fail(reader, 'the end of the line after the timestamp')
  return { name, labels, value, timestamp, line }
}

/** Steps over blanks; true when the line ends behind them. */
function endLine(reader: Reader): boolean {
  const { text } = reader
  if (text.charCodeAt(reader.at) === NEWLINE) return true
  skipBlanks(reader)
  if (text.charCodeAt(reader.at) !== NEWLINE) return false
  tolerate(reader, 'trailing-blank', 'blanks after a sample, which promtool refuses')
  return true
}

function readComment(reader: Reader): void {
  METADATA.lastIndex = reader.at
  const keyword = METADATA.exec(reader.text)?.[1]
  if (keyword === 'HELP' || keyword === 'TYPE') {
    reader.at = METADATA.lastIndex
    if (reader.text.charCodeAt(reader.at) !== NEWLINE) readMetadata(reader, keyword)
    else tolerate(reader, 'nameless-metadata', `${keyword} without a name, which Prometheus refuses`)
    return
  }
  GLUED.lastIndex = reader.at
  const glued = GLUED.exec(reader.text)?.[0]
  if (glued !== undefined)
    tolerate(reader, 'glued-keyword', `${glued} without a blank is a comment to Prometheus`)
  reader.at = reader.text.indexOf('\n', reader.at)
}
