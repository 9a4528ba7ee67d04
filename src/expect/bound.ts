import { type Duration, isPeriod, type Period, toPeriod } from '../duration.ts'
import { UsageError } from '../error.ts'
import { show } from '../show.ts'

const bounded: unique symbol = Symbol('shakedown.bounded')

/** A limit that stands where a value could, also deep inside of a pattern: `toBe(below('50ms'))`, `{ n: atLeast(3) }`. */
export interface Bound<out T> {
  readonly [bounded]: (value: unknown) => value is T
  /** `at least 5`. */
  readonly describe: string
}

type Limit = <const L extends Duration | number>(limit: L) => Bound<L extends number ? number : Period>

/** Less than a number or a duration. */
export const below: Limit = (limit) => createLimit('below', limit, (actual, wanted) => actual < wanted)

/** Not more than a number or a duration. */
export const atMost: Limit = (limit) => createLimit('at most', limit, (actual, wanted) => actual <= wanted)

/** More than a number or a duration. */
export const above: Limit = (limit) => createLimit('above', limit, (actual, wanted) => actual > wanted)

/** Not less than a number or a duration. */
export const atLeast: Limit = (limit) => createLimit('at least', limit, (actual, wanted) => actual >= wanted)

/** From `low` to `high`, both included: two numbers or two durations. */
export function within<const L extends Duration | number>(
  low: L,
  high: L,
): Bound<L extends number ? number : Period> {
  const [from, to] = [toNumber(low), toNumber(high)]
  if (from > to)
    throw new UsageError(`nothing is between ${show(low)} and ${show(high)}`, {
      hint: 'the lower limit comes first',
    })
  return createBound(`between ${write(low)} and ${write(high)}`, (value) => {
    const actual = comparable(value, low)
    return actual >= from && actual <= to
  })
}

/** The same as the number, give or take so many parts of it: `about(100, 0.05)` is 95 to 105. */
export function about(value: number, tolerance: number): Bound<number> {
  if (!(tolerance >= 0))
    throw new UsageError(`not a tolerance: ${tolerance}`, {
      hint: 'give a part of the value: 0.05 is five percent',
    })
  const slack = Math.abs(value) * tolerance
  return createBound(
    `about ${show(value)} (± ${show(slack)})`,
    (actual) => Math.abs(comparable(actual, value) - value) <= slack,
  )
}

/** One of the values. */
export function oneOf<const T extends string | number | boolean>(...values: readonly T[]): Bound<T> {
  if (values.length === 0) throw new UsageError('oneOf needs at least one value')
  return createBound(`one of ${values.map(show).join(', ')}`, (actual) =>
    values.some((value) => value === actual),
  )
}

/** True for what `below`, `atLeast` and the like give. */
export function isBound(value: unknown): value is Bound<unknown> {
  return typeof value === 'object' && value !== null && bounded in value
}

/** True when the value keeps to the bound; a value that cannot be compared does not. */
export function keepsTo(value: unknown, bound: Bound<unknown>): boolean {
  return bound[bounded](value)
}

function createBound<T>(describe: string, holds: (value: unknown) => boolean): Bound<T> {
  return { describe, [bounded]: (value): value is T => holds(value) }
}

function createLimit<T>(
  words: string,
  limit: Duration | number,
  compare: (actual: number, limit: number) => boolean,
): Bound<T> {
  const wanted = toNumber(limit)
  return createBound(`${words} ${write(limit)}`, (value) => compare(comparable(value, limit), wanted))
}

function toNumber(limit: Duration | number): number {
  if (typeof limit !== 'number') return toPeriod(limit).milliseconds
  if (Number.isNaN(limit)) throw new UsageError('NaN is no limit: nothing is above or below it')
  return limit
}

/** NaN, which no comparison holds for, when the value is not of the limit's kind. */
function comparable(value: unknown, limit: Duration | number): number {
  if (typeof limit === 'number') return typeof value === 'number' ? value : Number.NaN
  return isPeriod(value) ? value.milliseconds : Number.NaN
}

function write(limit: Duration | number): string {
  return typeof limit === 'number' ? show(limit) : toPeriod(limit).toString()
}
