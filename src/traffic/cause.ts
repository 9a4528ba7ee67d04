/**
 * Why a request has no full answer.
 * - `refused`: nobody listens there.
 * - `reset`: the server broke the connection off after the request was written; the request may have been carried out.
 * - `closed`: the server closed the connection in an orderly way before the answer was complete.
 * - `timeout`: no full answer within the time, counted from the intended send time (or the kernel gave up).
 * - `abandoned`: still without an answer when the patience after the end was used up.
 * - `malformed`: what came is not HTTP/1.
 * - `unresolved`, `unreachable`: the name or the network is not there.
 * - `exhausted`: this machine has no file descriptor or port left, which is not the server's fault.
 */
export type Cause =
  | 'refused'
  | 'reset'
  | 'closed'
  | 'timeout'
  | 'abandoned'
  | 'malformed'
  | 'unresolved'
  | 'unreachable'
  | 'exhausted'
  | 'other'

const CAUSES: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'unresolved',
  EAI_FAIL: 'unresolved',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'exhausted',
  EMFILE: 'exhausted',
  ENFILE: 'exhausted',
  ENOBUFS: 'exhausted',
}

/** The cause that a socket's error stands for; `other` for one that is not known here. */
export function causeOf(error: Error): Cause {
  return ('code' in error && typeof error.code === 'string' && CAUSES[error.code]) || 'other'
}
