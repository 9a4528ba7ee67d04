import type { Exemplar, Sample } from './exposition.ts'
import { NO_LABELS, readLabels } from './parse-labels.ts'
import { readMetadata } from './parse-metadata.ts'
import { pickName, readMetricName } from './parse-name.ts'
import { readTimestamp, readValue } from './parse-number.ts'
import { fail, HASH, NEWLINE, OPEN, type Reader, readGap } from './parse-reader.ts'

const METADATA = /# (HELP|TYPE|UNIT) /y
const EOF = '# EOF\n'

/** Reads all lines of an OpenMetrics 1.0 text, whose last line must be `# EOF`. */
export function readOpenMetrics(reader: Reader): void {
  const { text, samples } = reader
  while (reader.at < text.length && !text.startsWith(EOF, reader.at)) {
    if (text.charCodeAt(reader.at) === HASH) readMetadataLine(reader)
    else samples.push(readSample(reader))
    reader.at += 1
    reader.line += 1
  }
  if (reader.at === text.length) fail(reader, '# EOF as the last line', { hint: 'was the answer cut off?' })
  reader.at += EOF.length
  if (reader.at < text.length) fail(reader, 'nothing after # EOF')
}

function readSample(reader: Reader): Sample {
  const { text, line, at } = reader
  const bare = readMetricName(reader)
  let name = bare
  let labels = NO_LABELS
  if (text.charCodeAt(reader.at) === OPEN) {
    labels = readLabels(reader, reader.labelMemory)
    name = pickName(reader, bare, at)
  } else if (bare === '')
    fail(reader, 'a metric name or #', { hint: 'OpenMetrics has no blank lines and no indentation' })
  if (!readGap(reader)) fail(reader, 'one space before the value')
  const value = readValue(reader)
  if (text.charCodeAt(reader.at) === NEWLINE) return { name, labels, value, line }
  return { name, labels, value, ...readTail(reader), line }
}

/** What may follow the value and the space that ended it: a timestamp, an exemplar, or both. */
function readTail(reader: Reader): Pick<Sample, 'timestamp' | 'exemplar'> {
  const { text } = reader
  if (text.startsWith(' # ', reader.at)) return { exemplar: readExemplar(reader) }
  reader.at += 1
  const timestamp = readTimestamp(reader)
  if (text.charCodeAt(reader.at) === NEWLINE) return { timestamp }
  if (text.startsWith(' # ', reader.at)) return { timestamp, exemplar: readExemplar(reader) }
  return fail(reader, 'an exemplar ( # {…} value) or the end of the line after the timestamp')
}

function readExemplar(reader: Reader): Exemplar {
  const { text } = reader
  reader.at += ' # '.length
  if (text.charCodeAt(reader.at) !== OPEN) fail(reader, 'the { of the exemplar')
  const brace = reader.at
  const labels = readLabels(reader, reader.exemplarMemory)
  if (reader.quotedName !== '') fail(reader, 'labels only: an exemplar has no name', { at: brace + 1 })
  if (!readGap(reader)) fail(reader, "one space before the exemplar's value")
  const value = readValue(reader)
  if (text.charCodeAt(reader.at) === NEWLINE) return { labels, value }
  reader.at += 1
  const timestamp = readTimestamp(reader)
  if (text.charCodeAt(reader.at) !== NEWLINE)
    fail(reader, "the end of the line after the exemplar's timestamp")
  return { labels, value, timestamp }
}

function readMetadataLine(reader: Reader): void {
  METADATA.lastIndex = reader.at
  const keyword = METADATA.exec(reader.text)?.[1]
  if (keyword !== 'HELP' && keyword !== 'TYPE' && keyword !== 'UNIT') {
    fail(reader, '# HELP, # TYPE, # UNIT or # EOF, each with single spaces', {
      hint: 'OpenMetrics has no other comments',
    })
  }
  reader.at = METADATA.lastIndex
  readMetadata(reader, keyword)
}
