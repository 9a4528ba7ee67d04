import { isDuration, milliseconds, perSecond, type Rate } from '../duration.ts'
import { UsageError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import {
  type Claim,
  type Count,
  doubtOf,
  isTime,
  latenessOf,
  measure,
  type Subject,
  show,
  type Time,
} from './measure.ts'
import type { Sent } from './sent.ts'

type Order = '<' | '<=' | '>' | '>='

/** A promise about a load in words: `'p95 < 50ms'`, `'errors < 1%'`, `'errors == 0'`, `'rate > 90/s'`. */
export type Rule =
  | `${Time} ${Order} ${number}${'ms' | 's' | 'm' | 'h'}`
  | `${Count} ${Order | '=='} ${number}${'' | '%'}`
  | `rate ${Order} ${Rate}`

/** A rule that was understood. */
export interface Threshold extends Claim {
  readonly text: string
}

/** A threshold that does not hold, or of which it cannot be known; as a text `p95 < 50ms: 73ms`. */
export interface Crossing {
  readonly threshold: Threshold
  /** In the unit of the threshold: milliseconds, a count, percent, or a second; NaN when there is nothing to measure. */
  readonly value: number
  /** The value in words. */
  readonly measured: string
  /** What else must be known to judge it. */
  readonly note: string | undefined
  toString(): string
}

const COUNTS: readonly Count[] = ['answered', 'ok', 'errors', 'unanswered', 'late', 'dropped']
const SUBJECTS: readonly Subject[] = ['p95', 'p99', 'p90', 'p50', 'max', 'mean', 'min', ...COUNTS, 'rate']
const OPERATORS = ['<', '<=', '>', '>=', '=='] as const
const EXAMPLES = {
  time: "a latency is compared with a duration by <, <=, > or >=: 'p95 < 50ms'",
  count: "it is compared with a number or a share: 'errors == 0', 'errors < 1%'",
  rate: "it is compared with a rate by <, <=, > or >=: 'rate > 90/s'",
} as const

/**
 * Understands a rule. Throws a UsageError for anything that is not strictly one, and for one that always or never
 * holds, whatever is measured.
 */
export function parseThreshold(text: string): Threshold {
  const [subject = '', operator = '', limit = '', ...rest] = text.trim().split(/\s+/)
  if (limit === '' || rest.length > 0)
    refuse(text, "write what, how and how much, with blanks between: 'p95 < 50ms'")
  if (!isSubject(subject)) refuse(text, didYouMean(subject, SUBJECTS))
  if (!isOperator(operator)) refuse(text, `compare by one of ${OPERATORS.join(' ')}`)
  const kind = isTime(subject) ? 'time' : subject === 'rate' ? 'rate' : 'count'
  const measured = readLimit(kind, limit)
  if (measured === undefined || (operator === '==' && kind !== 'count')) refuse(text, EXAMPLES[kind])
  const threshold = { text: `${subject} ${operator} ${limit}`, subject, operator, ...measured }
  if (isDecided(threshold)) refuse(text, 'it always or never holds, whatever is measured')
  return threshold
}

/** The thresholds that were crossed, in their order. Nothing holds for a load that sent nothing. */
export function crossed(thresholds: readonly Threshold[], sent: Sent): readonly Crossing[] {
  return thresholds.flatMap((threshold) => judge(threshold, sent) ?? [])
}

function judge(threshold: Threshold, sent: Sent): Crossing | undefined {
  const value = measure(threshold, sent)
  const doubt = doubtOf(threshold, sent)
  if (doubt === undefined && holds(threshold, value)) return undefined
  const measured = show(threshold, sent)
  const note = doubt ?? (isTime(threshold.subject) ? latenessOf(sent) : undefined)
  const text = `${threshold.text}: ${measured}${note === undefined ? '' : ` (${note})`}`
  return { threshold, value, measured, note, toString: () => text }
}

function holds({ operator, limit }: Threshold, value: number): boolean {
  if (operator === '<') return value < limit
  if (operator === '<=') return value <= limit
  if (operator === '>') return value > limit
  return operator === '>=' ? value >= limit : value === limit
}

function readLimit(kind: 'time' | 'count' | 'rate', text: string): Pick<Claim, 'limit' | 'unit'> | undefined {
  if (kind === 'time')
    return isDuration(text) ? { limit: milliseconds(text), unit: 'milliseconds' } : undefined
  if (kind === 'rate') return isRate(text) ? { limit: perSecond(text), unit: 'per second' } : undefined
  const [, amount, percent] = /^(?:(\d+)|(\d+(?:\.\d+)?)%)$/.exec(text) ?? []
  if (amount !== undefined) return { limit: Number(amount), unit: 'count' }
  return percent === undefined ? undefined : { limit: Number(percent), unit: 'percent' }
}

/** Measured values lie between 0 and the largest. */
function isDecided({ operator, limit, unit }: Threshold): boolean {
  const largest = unit === 'percent' ? 100 : Number.POSITIVE_INFINITY
  if (operator === '<' || operator === '>=') return limit === 0 || limit > largest
  return operator === '==' ? limit > largest : limit >= largest
}

function isSubject(text: string): text is Subject {
  return SUBJECTS.some((subject) => subject === text)
}

function isOperator(text: string): text is Claim['operator'] {
  return OPERATORS.some((operator) => operator === text)
}

function isRate(text: string): text is Rate {
  return /^\d+(?:\.\d+)?\/[smh]$/.test(text) && Number.parseFloat(text) > 0
}

function refuse(text: string, hint: string): never {
  throw new UsageError(`not a threshold: ${JSON.stringify(text)}`, { hint })
}
