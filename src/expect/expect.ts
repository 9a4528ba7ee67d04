import { currentContext } from '../context.ts'
import { UsageError } from '../error.ts'
import { show } from '../show.ts'
import type { Verdict } from '../wait/poll.ts'
import { isReading, own, type Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { type Assertion, createAssertion, type Patience } from './assertion.ts'
import type { Bound } from './bound.ts'
import {
  createBe,
  createContain,
  createDefined,
  createDisjoint,
  createEqual,
  createMatch,
  createSize,
  type Matcher,
} from './matcher.ts'

/** What a value or reading of type T can be expected to be. */
export type Expected<T> = Unchanging<T> | Reading<Unchanging<T>> | Bound<T>

/** Lists and maps may be given as they come, readonly or not. */
type Unchanging<T> =
  T extends ReadonlyMap<infer Key, infer Value>
    ? ReadonlyMap<Key, Value>
    : T extends readonly (infer Item)[]
      ? readonly Item[]
      : T

type Poll = [patience?: Patience]

interface Matchers<T, More extends readonly unknown[], Done> {
  /** The same value (compared by structure), the value of another reading, or one that keeps to a bound. */
  toBe(expected: Expected<T>, ...more: More): Done
  /** The whole value; patterns (`String`, /x/) and bounds may stand inside. */
  toEqual(expected: T | Reading<T> | object, ...more: More): Done
  /** Only the parts that are given. */
  toMatch(part: unknown, ...more: More): Done
  /** There is a value: not undefined, null or NaN. */
  toBeDefined(...more: More): Done
}
interface Sized<More extends readonly unknown[], Done> {
  toHaveSize(size: number | Bound<number>, ...more: More): Done
}
interface Listed<Item, More extends readonly unknown[], Done> {
  /** None of the others, and not empty itself. */
  toBeDisjointFrom(others: readonly Item[], ...more: More): Done
}
interface Containing<More extends readonly unknown[], Done> {
  toContain(item: unknown, ...more: More): Done
}

/** The matchers that fit a value of type T. */
export type Fitting<T, More extends readonly unknown[], Done> = Matchers<T, More, Done> &
  (T extends readonly unknown[] | ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>
    ? Sized<More, Done>
    : unknown) &
  (T extends readonly unknown[] | ReadonlySet<unknown> | string ? Containing<More, Done> : unknown) &
  (T extends readonly (infer Item)[] ? Listed<Item, More, Done> : unknown)

/** What `expect` says to a promise: nothing can be claimed about one. */
export interface AwaitItOrPassTheReading {
  readonly [own]: never
}

/** Something that runs already and brings all of its matchers itself: a command. */
export interface Claimable<out Own> extends PromiseLike<unknown> {
  readonly [own]?: (assertion: Assertion) => Own
}

/** What the overload for values must not take, or a reading without a declared type would be looked at as an object. */
interface AnyReading {
  readonly describe: string
  read(signal?: AbortSignal): Promise<unknown>
}

/** What is said about an expectation as a whole. */
export interface ExpectOptions {
  /** Why `--doubt` need not find out whether it notices anything: listed with its reason. */
  readonly trusted?: string
}

/** A reading is looked at until the claim holds or time is up: to be awaited. */
export function expect<T, Own>(
  reading: Reading<T, Own>,
  options?: ExpectOptions,
): Fitting<T, Poll, Promise<void>> & Own
/** A command brings its own matchers. */
export function expect<Own>(
  command: Claimable<Own> & { readonly [own]: unknown },
  options?: ExpectOptions,
): Own
/** A promise is not a reading. */
export function expect(promise: PromiseLike<unknown>): AwaitItOrPassTheReading
/** A value is looked at once. */
export function expect<T>(
  value: T extends AnyReading ? never : T,
  options?: ExpectOptions,
): Fitting<T, [], void>
export function expect(subject: unknown, { trusted }: ExpectOptions = {}): unknown {
  if (trusted?.trim() === '')
    throw new UsageError('an expectation is trusted for no reason', {
      hint: "say why nobody need doubt it: { trusted: 'because …' }",
    })
  const assertion = createAssertion(trusted)
  if (isReading(subject)) return Object.assign(readingMatchers(subject, assertion), subject[own]?.(assertion))
  if (isClaimable(subject)) return subject[own]?.(assertion)
  if (isPromise(subject)) {
    throw new UsageError('expect was given a promise, which cannot be looked at again', {
      ...(assertion.at === undefined ? {} : { at: assertion.at.toString() }),
      hint: 'pass the reading itself, without read(); or await the promise and expect its value',
    })
  }
  return valueMatchers(subject, assertion)
}

type Create = (expected: unknown) => Matcher

const MATCHERS = {
  toBe: createBe,
  toEqual: createEqual,
  toMatch: createMatch,
  toContain: createContain,
  toHaveSize: createSize,
  toBeDisjointFrom: createDisjoint,
} as const

function readingMatchers(reading: Reading<unknown>, assertion: Assertion): object {
  const claim = (name: string, create: Create) => (expected: unknown, patience?: Patience) =>
    assertion.claim(
      {
        what: reading.describe,
        matcher: name,
        expected: isReading(expected) ? `what ${expected.describe} is` : create(expected).describe,
        phrasing: reading.phrasing,
        about: reading.about,
        once: reading.once,
        read: (signal) => reading.read(signal),
        judge: (value) => judgeReading(reading, value, { create, expected }),
      },
      patience,
    )
  const matchers = Object.entries(MATCHERS).map(([name, create]) => [name, claim(name, create)])
  const toBeDefined = (patience?: Patience) => claim('toBeDefined', createDefined)(undefined, patience)
  return { ...Object.fromEntries(matchers), toBeDefined }
}

/** Where another reading is expected, both are read at each look: agreement, not a race against a remembered value. */
async function judgeReading(
  reading: Reading<unknown>,
  value: unknown,
  claim: { readonly create: Create; readonly expected: unknown },
): Promise<Verdict> {
  const wanted = isReading(claim.expected) ? await readExpected(claim.expected) : claim.expected
  if (isReading(claim.expected) && Number.isNaN(wanted))
    return { met: false, hint: `${claim.expected.describe} has no value` }
  const verdict = claim.create(wanted).judge(value)
  if (verdict.met) return verdict
  const passed =
    reading.phrasing?.rises === true &&
    typeof wanted === 'number' &&
    typeof value === 'number' &&
    value > wanted
  if (passed && !isReading(claim.expected))
    return { met: false, final: true, hint: `it can only rise, and it passed ${show(wanted)}` }
  if (!isReading(claim.expected)) return verdict
  return { met: false, hint: `${claim.expected.describe} was ${show(wanted)}` }
}

function readExpected(expected: Reading<unknown>): Promise<unknown> {
  return sense({ kind: 'reading', name: expected.describe }, () => expected.read(currentContext()?.signal))
}

function valueMatchers(value: unknown, assertion: Assertion): object {
  const claim = (create: Create) => (expected: unknown) => assertion.judge(value, create(expected))
  const matchers = Object.entries(MATCHERS).map(([name, create]) => [name, claim(create)])
  return { ...Object.fromEntries(matchers), toBeDefined: () => claim(createDefined)(undefined) }
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

function isClaimable(value: unknown): value is Claimable<unknown> {
  return isPromise(value) && typeof value === 'object' && value !== null && own in value
}
