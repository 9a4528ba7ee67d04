import { BACKSLASH, fail, NEWLINE, QUOTE, type Reader, tolerate } from './parse-reader.ts'

const COLON = 58
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' }

/** Reads an unquoted metric name; '' when none begins here. */
export function readMetricName(reader: Reader): string {
  const { text, at, lastName } = reader
  if (lastName !== '' && text.startsWith(lastName, at)) {
    const code = text.charCodeAt(at + lastName.length)
    if (!isLetter(code) && !isDigit(code) && code !== COLON) {
      reader.at += lastName.length
      return lastName
    }
  }
  let code = text.charCodeAt(at)
  if (!isLetter(code) && code !== COLON) return ''
  while (isLetter(code) || isDigit(code) || code === COLON) code = text.charCodeAt(++reader.at)
  reader.lastName = text.slice(at, reader.at)
  return reader.lastName
}

/** The metric name of a sample, from before its label set or from inside of it. */
export function pickName(reader: Reader, bare: string, at: number): string {
  const { quotedName } = reader
  if (bare !== '' && quotedName !== '')
    fail(reader, 'one metric name: there is one before the brace too', { at })
  if (bare === '' && quotedName === '') fail(reader, 'a metric name', { at })
  return bare === '' ? quotedName : bare
}

/** Reads the metric name of a metadata line, quoted or not. */
export function readFamilyName(reader: Reader): string {
  const name = reader.text.charCodeAt(reader.at) === QUOTE ? readQuotedName(reader) : readMetricName(reader)
  return name === '' ? fail(reader, 'a metric name') : name
}

/** Reads a label name that is not quoted; '' when none begins here. */
export function readLabelName(reader: Reader): string {
  const { text, at } = reader
  let code = text.charCodeAt(at)
  if (!isLetter(code)) return ''
  while (isLetter(code) || isDigit(code)) code = text.charCodeAt(++reader.at)
  return text.slice(at, reader.at)
}

/** Reads a name in double quotes, which may hold any UTF-8 but must not be empty. */
export function readQuotedName(reader: Reader): string {
  const { at } = reader
  reader.at += 1
  const name = readQuoted(reader, 'refuse')
  return name === '' ? fail(reader, 'a name between the quotes', { at: at + 1 }) : name
}

/** Reads up to and over the closing quote. Only `\\`, `\"` and `\n` are escapes; another one is kept as it stands, or refused. */
export function readQuoted(reader: Reader, unknown: 'keep' | 'tolerate' | 'refuse'): string {
  const { text } = reader
  let read = ''
  let from = reader.at
  for (;;) {
    const code = text.charCodeAt(reader.at)
    if (code === NEWLINE) fail(reader, 'a closing double quote')
    if (code === QUOTE) break
    const meant = code === BACKSLASH ? resolveEscape(reader, unknown) : undefined
    if (meant === undefined) {
      reader.at += 1
      continue
    }
    read += text.slice(from, reader.at) + meant
    reader.at += 2
    from = reader.at
  }
  read += text.slice(from, reader.at)
  reader.at += 1
  return read
}

/** True for the characters that a name may begin with, the colon of metric names aside. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function resolveEscape(reader: Reader, unknown: 'keep' | 'tolerate' | 'refuse'): string | undefined {
  const letter = reader.text.charAt(reader.at + 1)
  const meant = ESCAPED[letter]
  if (meant !== undefined) return meant
  if (unknown === 'refuse') fail(reader, 'one of the escapes \\\\, \\" and \\n')
  if (unknown === 'tolerate' && letter !== '\n') {
    tolerate(reader, 'unknown-escape', `\\${letter} in a label value is no escape: it is read as it stands`)
  }
  return undefined
}
