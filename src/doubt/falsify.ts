import type { Looked, Scope } from './hearing.ts'
import { isFalse, type Lie, type Outcome } from './lie.ts'
import { lieNamed } from './lies.ts'
import { nameAlike, type Place } from './place.ts'

/** Which reading is falsified, for which claim, and how. */
export interface Question {
  readonly place: Place
  readonly reading: string
  readonly of: string
  readonly isRead: boolean
  readonly matcher: string
  readonly lie: string
  /** How long the claim took when it was told the truth, in milliseconds. */
  readonly took: number
}

/** What a claim was told instead of the truth. */
export interface Told {
  readonly outcome: Outcome
  readonly lie: Lie
}

/** How often a claim was lied to, and since when. */
export interface Count {
  readonly since: number
  readonly isConstant: boolean
  looks: number
}

/** A claim that is lied to is given up after so many looks, and this long after the first lie: a constant one, another. In milliseconds. */
const LOOKS = 3
const PATIENCE = { constant: 100, other: 1000 }

/** True for the reading that the question is about. */
export function isMeant({ of, reading }: Question, { kind, name }: Looked): boolean {
  return kind === of && (kind === 'deadlines' || nameAlike(name) === nameAlike(reading))
}

/** The lie of the question; undefined where it says nothing else than the truth. */
export function falsify({ lie, matcher }: Question, looked: Looked, truth: Outcome): Told | undefined {
  const known = { first: looked.first, since: looked.since, matcher }
  const chosen = lieNamed(looked.kind, lie, { truth, known })
  const outcome = chosen?.tell(truth, known) ?? truth
  return chosen === undefined || !isFalse(outcome, truth) ? undefined : { outcome, lie: chosen }
}

/** Counts one lie that a claim was told. */
export function countLie(counts: WeakMap<Scope, Count>, scope: Scope, { isConstant = false }: Lie): void {
  const known = counts.get(scope) ?? { since: performance.now(), isConstant, looks: 0 }
  known.looks += 1
  counts.set(scope, known)
}

/** True when a claim that `took` so many milliseconds with the truth has been lied to for long enough to know. */
export function isEnough({ looks, since, isConstant }: Count, took: number): boolean {
  const patience = isConstant ? PATIENCE.constant : Math.max(PATIENCE.other, 2 * took)
  return looks >= LOOKS && performance.now() - since >= patience
}
