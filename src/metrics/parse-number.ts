import { fail, NEWLINE, type Reader, SPACE, TAB, tolerate } from './parse-reader.ts'

const DOT = 46
/** A double holds every integer of so many digits, and every power of ten below, without rounding. */
const EXACT_DIGITS = 15
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, index) => Number(`1e${index}`))

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
const INFINITE = /^[+-]?inf(?:inity)?$/i
const NOT_A_NUMBER = /^nan$/i
const INTEGER = /^[+-]?\d+$/

/** Reads the value of a sample or an exemplar: a decimal number, an infinity or NaN. */
export function readValue(reader: Reader): number {
  const { text, at } = reader
  let end = at
  let value = 0
  let code = text.charCodeAt(end)
  while (isDigit(code)) {
    value = value * 10 + code - 48
    code = text.charCodeAt(++end)
  }
  let digits = end - at
  let scale = 0
  if (code === DOT) {
    code = text.charCodeAt(++end)
    while (isDigit(code)) {
      value = value * 10 + code - 48
      code = text.charCodeAt(++end)
      scale += 1
    }
    digits += scale
  }
  if ((code !== NEWLINE && code !== SPACE) || digits === 0 || digits > EXACT_DIGITS)
    return readLongValue(reader)
  reader.at = end
  return scale === 0 ? value : value / (POWERS[scale] ?? 1)
}

/** The number that a `le` or `quantile` label says; undefined when it says none. */
export function toNumber(token: string): number | undefined {
  if (DECIMAL.test(token)) return Number(token)
  if (INFINITE.test(token)) return token.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return NOT_A_NUMBER.test(token) ? Number.NaN : undefined
}

/** Reads a time in seconds: whole milliseconds in text, decimal seconds in OpenMetrics. */
export function readTimestamp(reader: Reader): number {
  const { at } = reader
  const token = readToken(reader)
  return reader.dialect === 'text' ? toSeconds(reader, at, token) : toFiniteSeconds(reader, at, token)
}

/** Anything but a plain decimal: signs, exponents, many digits, infinities, NaN, and all that is wrong. */
function readLongValue(reader: Reader): number {
  const { at } = reader
  const token = readToken(reader)
  const value = toNumber(token)
  if (value === undefined) return fail(reader, 'a value: a decimal number, +Inf, -Inf or NaN', { at })
  if (!Number.isFinite(value) && DECIMAL.test(token))
    return fail(reader, 'a number that a 64-bit float can hold', { at })
  return value
}

function toSeconds(reader: Reader, at: number, token: string): number {
  const milliseconds = Number(token)
  if (INTEGER.test(token) && Number.isSafeInteger(milliseconds)) {
    if (!isDigit(token.charCodeAt(0))) {
      tolerate(reader, 'signed-timestamp', 'a timestamp with a sign, which Prometheus refuses')
    }
    return milliseconds / 1000
  }
  const hint = token.startsWith('#')
    ? 'exemplars are OpenMetrics: is the Content-Type right?'
    : 'seconds with a fraction are OpenMetrics, classic text has whole milliseconds'
  return fail(reader, 'a timestamp in whole milliseconds, or the end of the line', { at, hint })
}

function toFiniteSeconds(reader: Reader, at: number, token: string): number {
  const seconds = Number(token)
  if (DECIMAL.test(token) && Number.isFinite(seconds)) return seconds
  return fail(reader, 'a timestamp in decimal seconds', { at })
}

function readToken(reader: Reader): string {
  const { text, at, dialect } = reader
  let code = text.charCodeAt(at)
  while (code !== NEWLINE && code !== SPACE && !(code === TAB && dialect === 'text')) {
    reader.at += 1
    code = text.charCodeAt(reader.at)
  }
  return text.slice(at, reader.at)
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
