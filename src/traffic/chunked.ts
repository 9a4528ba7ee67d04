import type { Cursor, Verdict } from './cursor.ts'

/** A chunked body that arrives in pieces. */
export interface ChunkedBody {
  state: 'size' | 'extension' | 'data' | 'data end' | 'trailer' | 'trailer line'
  /** Of the chunk: what is known of it while it is read, then how much of its data is missing. */
  size: number
  digits: number
}

const LF = 10
const CR = 13
const BEFORE_EXTENSION: readonly number[] = [CR, 59, 32, 9] // ; and blanks
const LARGEST = 2 ** 48

/** A body of which nothing has come. */
export function createChunkedBody(): ChunkedBody {
  return { state: 'size', size: 0, digits: 0 }
}

/** Moves the cursor over what belongs to the body; chunk extensions and trailers are passed over. */
export function readChunks(cursor: Cursor, body: ChunkedBody): Verdict {
  while (cursor.at < cursor.end) {
    if (body.state === 'data') {
      skipData(cursor, body)
      continue
    }
    const byte = cursor.bytes[cursor.at] ?? 0
    cursor.at += 1
    if (body.state === 'trailer' && byte === LF) return 'done'
    if (!step(body, byte)) return 'malformed'
  }
  return 'more'
}

function skipData(cursor: Cursor, body: ChunkedBody): void {
  const taken = Math.min(body.size, cursor.end - cursor.at)
  cursor.at += taken
  body.size -= taken
  if (body.size === 0) body.state = 'data end'
}

/** Takes one byte that is not data; false where it may not stand. */
function step(body: ChunkedBody, byte: number): boolean {
  switch (body.state) {
    case 'size':
      return readSize(body, byte)
    case 'extension':
      return byte !== LF || endSize(body)
    case 'trailer':
      if (byte !== CR) body.state = 'trailer line'
      return true
    case 'trailer line':
      if (byte === LF) body.state = 'trailer'
      return true
    default:
      if (byte === LF) Object.assign(body, createChunkedBody())
      return byte === LF || byte === CR
  }
}

function readSize(body: ChunkedBody, byte: number): boolean {
  const value = hex(byte)
  if (value >= 0) {
    body.size = body.size * 16 + value
    body.digits += 1
    return body.size <= LARGEST
  }
  if (byte === LF) return endSize(body)
  body.state = 'extension'
  return BEFORE_EXTENSION.includes(byte)
}

function endSize(body: ChunkedBody): boolean {
  body.state = body.size === 0 ? 'trailer' : 'data'
  return body.digits > 0
}

function hex(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
