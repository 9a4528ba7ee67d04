import type { Sent } from './sent.ts'

/** A latency that can be promised. */
export type Time = 'min' | 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'max'
/** A number of requests that can be promised, as it is or as a share. */
export type Count = 'answered' | 'ok' | 'errors' | 'unanswered' | 'late' | 'dropped'
/** What a threshold can be about: the words of `Sent`. */
export type Subject = Time | Count | 'rate'
/** What a limit is given in. */
export type Unit = 'milliseconds' | 'count' | 'percent' | 'per second'

/** What is to be measured. */
export interface Claim {
  readonly subject: Subject
  readonly operator: '<' | '<=' | '>' | '>=' | '=='
  readonly limit: number
  readonly unit: Unit
}

/** The share of requests that a latency speaks about, in percent. */
const COVERED: Readonly<Record<Time, number>> = {
  min: 0,
  mean: 0,
  p50: 50,
  p90: 90,
  p95: 95,
  p99: 99,
  max: 100,
}

/** The value that was measured, in the unit of the claim; NaN when there is none. */
export function measure({ subject, unit }: Claim, sent: Sent): number {
  if (subject === 'rate') return sent.rate
  if (isTime(subject)) return sent.latency.count === 0 ? Number.NaN : sent.latency[subject].milliseconds
  return unit === 'percent' ? (sent[subject] * 100) / baseOf(subject, sent) : sent[subject]
}

/** The measured value in words. */
export function show(claim: Claim, sent: Sent): string {
  const { subject, unit, limit } = claim
  const value = measure(claim, sent)
  if (Number.isNaN(value)) return 'nothing'
  const short = Number(value.toPrecision(4))
  const shown = short === limit ? value : short // a value just beyond its limit must not look like the limit
  if (unit === 'milliseconds') return `${shown}ms`
  if (unit === 'per second') return `${shown}/s`
  if (isTime(subject) || subject === 'rate') return String(shown)
  return `${sent[subject]} of ${baseOf(subject, sent)}${unit === 'percent' ? ` (${shown}%)` : ''}`
}

/**
 * Why a claim cannot be said to hold even if its numbers do: nothing was sent or answered; so many requests have no
 * latency (refused, reset, …) that the quantile could lie anywhere; or it says that something was slow, and this
 * process was. (Its lateness makes latencies too long, never too short: it cannot spoil `p95 < 50ms` that holds.)
 */
export function doubtOf({ subject, operator }: Claim, sent: Sent): string | undefined {
  if (sent.total === 0) return 'nothing was sent'
  if (!isTime(subject)) return undefined
  if (sent.latency.count === 0) return 'nothing was answered'
  if (operator.startsWith('>')) return latenessOf(sent)
  const asked = sent.total + sent.dropped
  const unmeasured = asked - sent.latency.count
  if (unmeasured * 100 <= asked * (100 - COVERED[subject])) return undefined
  return `${unmeasured} of ${asked} requests have no latency, as they failed at once`
}

/** That latencies are not the server's alone, if so. */
export function latenessOf({ isReliable, late, total, dropped }: Sent): string | undefined {
  if (isReliable) return undefined
  return `${late} of ${total + dropped} requests left late because this process was busy: not all of it is the server's`
}

/** Whether it is a latency. */
export function isTime(subject: string): subject is Time {
  return Object.hasOwn(COVERED, subject)
}

/** What a share is a share of: of what was asked for where it is about sending, else of what was tried. */
function baseOf(subject: Count, { total, dropped }: Sent): number {
  return subject === 'late' || subject === 'dropped' ? total + dropped : total
}
