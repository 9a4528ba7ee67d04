import { Buffer } from 'node:buffer'
import { type ChunkedBody, createChunkedBody, readChunks } from './chunked.ts'
import type { Cursor, Verdict } from './cursor.ts'
import { createHead, type Head, readHead } from './head.ts'

/** Reads the answers of one connection, one after the other, from pieces of any size. */
export interface AnswerReader {
  readonly head: Head
  readonly cursor: Cursor
  /** Whether the answer is one to HEAD. */
  isToHead: boolean
  /** The beginning of a head whose end has not come. */
  kept: Buffer | undefined
  /** What ends the body: a number of bytes that are missing, chunks, or the end of the connection; undefined in the head. */
  body: number | ChunkedBody | 'close' | undefined
  /** Of an answer that is done: whether another request may follow on this connection. */
  isReusable: boolean
}

const LARGEST_HEAD = 64 * 1024
const WITHOUT_BODY: readonly number[] = [101, 204, 304]

/** A reader for a new connection. */
export function createAnswerReader(): AnswerReader {
  const cursor = { bytes: Buffer.alloc(0), at: 0, stop: 0, next: 0, end: 0 }
  return { head: createHead(), cursor, isToHead: false, kept: undefined, body: undefined, isReusable: false }
}

/** To be called before each answer: the answer to HEAD ends with its head, whatever that says. */
export function beginAnswer(reader: AnswerReader, isToHead: boolean): void {
  reader.isToHead = isToHead
  reader.kept = undefined
  reader.body = undefined
}

/** Reads on in the first `length` bytes of this piece, by the rules of RFC 9112, 6.3; 1xx are passed over. */
export function readAnswer(reader: AnswerReader, piece: Buffer, length: number): Verdict {
  const { cursor, kept, head } = reader
  cursor.bytes = kept === undefined ? piece : Buffer.concat([kept, piece.subarray(0, length)])
  cursor.end = kept === undefined ? length : cursor.bytes.length
  cursor.at = 0
  while (reader.body === undefined) {
    const verdict = readHead(cursor, head)
    if (verdict === 'more') return keepRest(reader)
    if (verdict === 'malformed') return verdict
    if (head.status >= 200 || head.status === 101) beginBody(reader)
  }
  const verdict = readBody(reader)
  if (verdict === 'done' && cursor.at < cursor.end) reader.isReusable = false // nobody asked for what follows
  return verdict
}

/** The connection has ended: `done` if that is how this answer ends, else `more`. */
export function endAnswer(reader: AnswerReader): Verdict {
  return reader.body === 'close' ? 'done' : 'more'
}

function keepRest(reader: AnswerReader): Verdict {
  const { bytes, at, end } = reader.cursor
  if (end - at > LARGEST_HEAD) return 'malformed'
  reader.kept = Buffer.from(bytes.subarray(at, end)) // a copy: the piece will be overwritten
  return 'more'
}

function beginBody(reader: AnswerReader): void {
  const { head } = reader
  reader.kept = undefined
  reader.body = bodyOf(head, reader.isToHead)
  const isPersistent = (head.minor >= 1 || head.saysKeepAlive) && !head.saysClose
  const isAmbiguous = head.hasTransferCoding && head.length !== -1
  reader.isReusable = isPersistent && !isAmbiguous && reader.body !== 'close' && head.status !== 101
}

function bodyOf(head: Head, isToHead: boolean): number | ChunkedBody | 'close' {
  if (isToHead || WITHOUT_BODY.includes(head.status)) return 0
  if (head.isChunked) return createChunkedBody()
  return head.hasTransferCoding || head.length === -1 ? 'close' : head.length
}

function readBody(reader: AnswerReader): Verdict {
  const { cursor, body } = reader
  if (typeof body === 'object') return readChunks(cursor, body)
  if (typeof body !== 'number') return 'more'
  const taken = Math.min(body, cursor.end - cursor.at)
  cursor.at += taken
  reader.body = body - taken
  return taken === body ? 'done' : 'more'
}
