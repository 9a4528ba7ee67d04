import { isDeepStrictEqual } from 'node:util'
import { Failure } from '../error.ts'

/** What one look gave: a value, or why there was none. */
export type Outcome = { readonly value: unknown } | { readonly error: Error }

/** What a lie may go by besides the truth. */
export interface Known {
  /** What the claim's first look saw. */
  readonly first: unknown
  /** What the reading is compared with: how it was at the mark. */
  readonly since: unknown
  /** `toBe`; empty where no matcher is known. */
  readonly matcher: string
}

/** One way to falsify what was looked at. */
export interface Lie {
  /** `zero`: how a run is told to tell it. */
  readonly name: string
  /** After the name of the reading: `is zero`. */
  readonly words: string
  /** The same whatever the truth is: a claim that it does not satisfy at once is never satisfied by it. */
  readonly isConstant?: boolean
  /** The part of the value that it is about: told only where the script looked at that part. */
  readonly part?: string
  /** The truth itself where there is nothing to falsify in it. */
  tell(truth: Outcome, known: Known): Outcome
}

/** A lie about values; `make` gives undefined where it says nothing else than the truth. */
export function lieAbout(
  lie: Omit<Lie, 'tell'>,
  make: (value: unknown, known: Known) => unknown | undefined,
): Lie {
  return {
    ...lie,
    tell(truth, known) {
      if ('error' in truth) return truth
      const value = make(truth.value, known)
      return value === undefined ? truth : { value }
    },
  }
}

/** That there is nothing to see: a look that fails, as for a name that does not exist. */
export const MISSING: Lie = {
  name: 'missing',
  words: 'is missing',
  isConstant: true,
  tell: (truth) => ('error' in truth ? truth : { error: new Failure('it is missing (a doubt of --doubt)') }),
}

/** True when a claim is told something else than the truth. */
export function isFalse(told: Outcome, truth: Outcome): boolean {
  if ('error' in truth || 'error' in told) return 'error' in truth !== 'error' in told
  return !isDeepStrictEqual(withoutGetters(told.value), withoutGetters(truth.value))
}

/** An answer has a body as JSON that throws where it is none; what it is made of is compared. */
function withoutGetters(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('status' in value) || !('text' in value)) return value
  return [value.status, value.text, 'headers' in value ? value.headers : undefined]
}
