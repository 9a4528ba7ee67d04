import type { Cause } from './cause.ts'
import type { RenderedRequest } from './render.ts'

/** One request on its way. It is written at most once, never again, and comes to exactly one end. */
export interface Exchange {
  readonly request: RenderedRequest
  /** When it was due, in milliseconds of `performance.now()`. */
  readonly intended: number
  /** Whether its bytes were handed to a connection that stood: from then on the server may have seen it. */
  isWritten: boolean
}

/** Why an exchange has no full answer. */
export interface NoAnswer {
  readonly cause: Cause
  readonly detail: string
}

/** How exchanges end, and when (`performance.now()`): one of the two is called once for each. */
export interface Ends {
  answered(exchange: Exchange, status: number, now: number): void
  failed(exchange: Exchange, why: NoAnswer, now: number): void
}
