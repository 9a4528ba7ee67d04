import type { Period } from '../duration.ts'
import type { Cause } from './cause.ts'

/**
 * What became of a load. `total` is always `answered + unanswered`, and `total + dropped` is what the plan asked for.
 * A server that counts its requests has counted at least `answered` and at most `written` of them.
 */
export interface Sent {
  /** Requests that were tried, each exactly once. */
  readonly total: number
  /** Requests with a full answer, whatever its status. */
  readonly answered: number
  /** Requests without a full answer: the sum of `failures`. */
  readonly unanswered: number
  /** Answers with a status of 2xx or 3xx. */
  readonly ok: number
  /** Requests without a full answer and answers of 5xx: what a user would call broken. A 4xx is an answer. */
  readonly errors: number
  /** Requests that were written to a connection: the others (refused, …) cannot have reached the server. */
  readonly written: number
  readonly byStatus: Readonly<Record<number, number>>
  /** By label, which is the path unless the plan says otherwise. */
  readonly byPath: Readonly<Record<string, PathCount>>
  /** Why requests have no full answer, each cause with the first example. */
  readonly failures: Readonly<Partial<Record<Cause, Failed>>>
  /** Requests that this process noticed more than 10 ms after they were due, because it was busy with something else. */
  readonly late: number
  /** Requests of an open loop that were never sent: every connection was busy until their timeout, or until the end. */
  readonly dropped: number
  /** False when more than 1 % were late: then latencies tell about this process as well as about the server. */
  readonly isReliable: boolean
  readonly latency: Latency
  /** From the start to the planned end, or to the last answer if that came later. */
  readonly seconds: number
  /** Full answers a second, over those seconds. */
  readonly rate: number
  /** The intended time of the first request, in milliseconds since 1970. */
  readonly startedAt: number
  /** `startedAt` and the seconds: every answer that counts had come by then. */
  readonly endedAt: number
  readonly series: readonly Slot[]
}

/** The counts of one path; the words mean the same as in `Sent`. */
export interface PathCount {
  readonly total: number
  readonly answered: number
  readonly ok: number
  readonly errors: number
  readonly byStatus: Readonly<Record<number, number>>
}

/** One cause of failure: how often, and the first example in words. */
export interface Failed {
  readonly count: number
  readonly first: string
}

/**
 * From the intended send time to the end of the answer: what a user would have waited. Requests that waited in vain
 * (timeout, abandoned, dropped) count with the time that they waited; those that failed at once do not count.
 * All are 0 when `count` is 0.
 */
export interface Latency {
  readonly count: number
  readonly min: Period
  readonly mean: Period
  readonly p50: Period
  readonly p90: Period
  readonly p95: Period
  readonly p99: Period
  readonly max: Period
}

/** A tenth of a second, for plots: `sent` by when they were sent, the others by when they ended. */
export interface Slot {
  /** Milliseconds since the start. */
  readonly at: number
  readonly sent: number
  readonly answered: number
  readonly errors: number
  /** In milliseconds, of what ended in this slot; missing when nothing did. */
  readonly p50?: number
  readonly p95?: number
}
