import { type Cursor, findLine, type Verdict } from './cursor.ts'

/** What the head of an answer says, as far as it decides where the answer ends. */
export interface Head {
  status: number
  /** Of its HTTP/1.x. */
  minor: number
  /** The Content-Length, -1 when there is none. */
  length: number
  isChunked: boolean
  hasTransferCoding: boolean
  saysClose: boolean
  saysKeepAlive: boolean
}

const SPACE = 32
const COLON = 58
const STATUS_LINE = 'http/1.x 200'.length

/** A head of nothing, to be filled by `readHead` for one answer after the other. */
export function createHead(): Head {
  const said = { isChunked: false, hasTransferCoding: false, saysClose: false, saysKeepAlive: false }
  return { status: 0, minor: 0, length: -1, ...said }
}

/**
 * Reads the head that begins at the cursor and moves it behind the blank line; the cursor stays when more is needed.
 * Bytes are compared as they are: no text is made of lines that decide nothing, as this runs for every answer.
 */
export function readHead(cursor: Cursor, head: Head): Verdict {
  const start = cursor.at
  clear(head)
  for (let isFirst = true; findLine(cursor); isFirst = false) {
    const isBlank = cursor.stop === cursor.at
    const isFine = isFirst ? readStatusLine(cursor, head) : isBlank || readField(cursor, head)
    if (!isFine) return 'malformed'
    cursor.at = cursor.next
    if (isBlank) return 'done'
  }
  cursor.at = start
  return 'more'
}

function clear(head: Head): void {
  head.length = -1
  head.isChunked = false
  head.hasTransferCoding = false
  head.saysClose = false
  head.saysKeepAlive = false
}

/** `HTTP/1.x` and three digits, then a blank or the end. */
function readStatusLine(cursor: Cursor, head: Head): boolean {
  const { bytes, at, stop } = cursor
  if (stop - at < STATUS_LINE || !startsWith(cursor, 'http/1.') || bytes[at + 8] !== SPACE) return false
  if (stop - at > STATUS_LINE && bytes[at + STATUS_LINE] !== SPACE) return false
  const [hundreds, tens, ones] = [digit(bytes[at + 9]), digit(bytes[at + 10]), digit(bytes[at + 11])]
  head.minor = digit(bytes[at + 7])
  head.status = hundreds * 100 + tens * 10 + ones
  return head.minor >= 0 && hundreds > 0 && tens >= 0 && ones >= 0
}

/** False for a field that makes the end of the answer unknowable. */
function readField(cursor: Cursor, head: Head): boolean {
  const first = (cursor.bytes[cursor.at] ?? 0) | 32
  if (first !== 99 && first !== 116) return true // neither c nor t
  if (isField(cursor, 'content-length')) return readLength(textAfter(cursor, 'content-length'), head)
  if (isField(cursor, 'connection')) {
    const options = textAfter(cursor, 'connection')
      .toLowerCase()
      .split(/[\s,]+/)
    head.saysClose ||= options.includes('close')
    head.saysKeepAlive ||= options.includes('keep-alive')
  } else if (isField(cursor, 'transfer-encoding')) {
    head.hasTransferCoding = true
    head.isChunked = /(?:^|[\s,])chunked$/i.test(textAfter(cursor, 'transfer-encoding'))
  }
  return true
}

/** The same length twice is allowed, two different ones are not (RFC 9112, 6.3). */
function readLength(value: string, head: Head): boolean {
  if (!/^\d{1,15}$/.test(value)) return false
  const before = head.length
  head.length = Number(value)
  return before === -1 || before === head.length
}

function isField(cursor: Cursor, name: string): boolean {
  return cursor.bytes[cursor.at + name.length] === COLON && startsWith(cursor, name)
}

/** Without regard to case; `name` is in lower case. */
function startsWith({ bytes, at, stop }: Cursor, name: string): boolean {
  if (stop - at < name.length) return false
  for (let index = 0; index < name.length; index += 1) {
    const byte = bytes[at + index] ?? 0
    const lower = byte >= 65 && byte <= 90 ? byte | 32 : byte
    if (lower !== name.charCodeAt(index)) return false
  }
  return true
}

function textAfter({ bytes, at, stop }: Cursor, name: string): string {
  return bytes.toString('latin1', at + name.length + 1, stop).trim()
}

function digit(byte = 0): number {
  return byte >= 48 && byte <= 57 ? byte - 48 : -1
}
