import type { Assertion } from '../expect/assertion.ts'
import type { Owner } from '../reference.ts'

/** The key under which a reading brings matchers of its own. */
export const own: unique symbol = Symbol('shakedown.own')

/**
 * Anything that can be looked at again: a metric, a TTL, a log line, an HTTP answer, a row. Lazy: named before anything
 * runs, read when asked. `Own` are the matchers that only this kind of reading has; `expect` itself knows no domain.
 */
export interface Reading<out T, out Own = unknown> {
  /** What is looked at, as a failure names it: `gunicorn_worker_requests_total summed`. */
  readonly describe: string
  /** Looks once. Rejects when there is nothing to see yet; a UsageError is never looked at again. */
  read(signal?: AbortSignal): Promise<T>
  /** How failures speak about it; plain words where it says nothing. */
  readonly phrasing?: Phrasing | undefined
  /** Whose log lines belong to a failure about it. */
  readonly about?: Iterable<Owner> | undefined
  /** Looking does something: a claim looks once, unless it is given `within`. */
  readonly once?: boolean | undefined
  readonly [own]?: ((assertion: Assertion) => Own) | undefined
}

/** The words of a failure about a reading. */
export interface Phrasing {
  /** The first words of the title: `metric did not rise`. */
  readonly failed: string
  /** Before the expected value: `to rise by`. */
  readonly expected?: string
  /** The last value in a sentence: `rose by 96  (12 → 108)`. */
  seen?(value: unknown): string
  /** The value in the list of looks, short: `108`. */
  looked?(value: unknown): string
  /** True when the value can only rise: a wait for an exact number ends as soon as it was passed. */
  readonly rises?: boolean
}

/** True for everything that has the shape of a reading. */
export function isReading(value: unknown): value is Reading<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'read' in value &&
    typeof value.read === 'function' &&
    'describe' in value
  )
}

/** Another reading made of each look at this one; its failures speak about `describe`. */
export function derive<T, Made>(
  reading: Reading<T>,
  describe: string,
  make: (value: T) => Made | Promise<Made>,
): Reading<Made> {
  return {
    describe,
    about: reading.about,
    once: reading.once,
    read: async (signal) => make(await reading.read(signal)),
  }
}
