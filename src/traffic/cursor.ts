import type { Buffer } from 'node:buffer'

/** Bytes that are being read, and how far. */
export interface Cursor {
  bytes: Buffer
  /** Where reading goes on. */
  at: number
  /** The end of the line that begins at `at`, without its line break; set by `findLine`. */
  stop: number
  /** Where the line after it begins. */
  next: number
  /** The end of what there is; the buffer may be longer. */
  end: number
}

/** How far reading has come: `more` is needed, it is `done`, or what came is `malformed` (nothing after it can be trusted). */
export type Verdict = 'more' | 'done' | 'malformed'

const LF = 10
const CR = 13

/** Finds the line that begins at `at`; false when its end has not come yet. A bare LF ends a line too (RFC 9112, 2.2). */
export function findLine(cursor: Cursor): boolean {
  const { bytes, at, end } = cursor
  let newline = at
  while (newline < end && bytes[newline] !== LF) newline += 1
  if (newline === end) return false
  cursor.stop = newline > at && bytes[newline - 1] === CR ? newline - 1 : newline
  cursor.next = newline + 1
  return true
}
