import { formatDuration } from '../duration.ts'
import { emit } from '../event.ts'
import type { Assertion } from '../expect/assertion.ts'
import type { Look } from '../wait/poll.ts'
import type { Assessment, Question, Suspects } from './assess.ts'
import {
  describeClaim,
  type Evidence,
  type Expiry,
  readExpiries,
  summarize,
  tellExpired,
} from './expire-story.ts'
import type { Source } from './target.ts'

/** The keys of which expiry is claimed. */
export interface Expiring {
  readonly source: Source
  readonly pattern: string
  readonly describe: string
  /** When the script named them, by `performance.now()`: what ended earlier is not meant. */
  readonly named: number
}

/** A claim that is being proven; `within` in milliseconds. */
export interface Proof {
  readonly expiring: Expiring
  readonly within: number
  readonly deletions: 0 | undefined
  readonly assertion: Assertion
  readonly signal: AbortSignal | undefined
}

/** What was seen while it was proven. */
export interface Course {
  readonly proof: Proof
  readonly began: number
  /** The first and last looks, and how many there were. */
  readonly looks: Look[]
  count: number
  /** How many keys were left at each of them. */
  readonly values: [number, number][]
  told: number
  question: Question | undefined
  suspects: Suspects
}

const PROGRESS_EVERY = 1000
const LOOKS_KEPT = 100

/** A proof that begins now. */
export function createCourse(proof: Proof): Course {
  const began = performance.now()
  return {
    proof,
    began,
    looks: [],
    count: 0,
    values: [],
    told: began,
    question: undefined,
    suspects: new Map(),
  }
}

/** Keeps what a look found; every second it is told how far the proof has come. */
export function noteLook(course: Course, { waiting, expired }: Assessment, now: number): void {
  const at = performance.now() - course.began
  const left = waiting.length
  keepLook(course, { at, saw: left === 1 ? '1 key' : `${left} keys`, failed: false })
  course.values.push([Math.round(at), left])
  if (course.values.length > 2 * LOOKS_KEPT) course.values.splice(LOOKS_KEPT, 1)
  if (performance.now() - course.told < PROGRESS_EVERY) return
  course.told = performance.now()
  const what = `${course.proof.expiring.describe}: ${describeClaim(course.proof)}`
  const deadlines = waiting.flatMap(({ deadline }) => deadline ?? [])
  const end = deadlines.length === 0 ? '' : `, the last in ${formatDuration(Math.max(...deadlines) - now)}`
  const last = `${left === 1 ? '1 key' : `${left} keys`}${end}, ${expired.length} expired`
  emit({ kind: 'wait:progress', what, milliseconds: at, last, within: course.proof.within })
}

/** Keeps that a look failed, and gives the milliseconds since the claim was made. */
export function noteFailedLook(course: Course, saw: string): number {
  const at = performance.now() - course.began
  keepLook(course, { at, saw, failed: true })
  return at
}

function keepLook(course: Course, look: Look): void {
  course.count += 1
  course.looks.push(look)
  if (course.looks.length > 2 * LOOKS_KEPT) course.looks.splice(LOOKS_KEPT, 1)
}

/** Tells that the claim holds, and gives its proof. */
export function tellPassed(course: Course, { expired }: Assessment): readonly Expiry[] {
  const expiries = readExpiries(expired)
  tellClaim(course, tellExpired(expiries), true)
  return expiries
}

/** Tells that the claim does not hold. */
export function tellProblems(course: Course, evidence: Evidence): void {
  tellClaim(course, summarize(evidence), false)
}

/** Tells that the claim was broken off with its scenario. */
export function tellAborted(course: Course): void {
  tellClaim(course, 'broken off', 'aborted')
}

function tellClaim(
  { proof, looks, count, values, began }: Course,
  last: string,
  outcome: boolean | 'aborted',
): void {
  emit({
    kind: 'claim',
    what: proof.expiring.describe,
    matcher: 'toExpire',
    expected: describeClaim(proof),
    ...{ last, met: outcome === true, aborted: outcome === 'aborted' ? true : undefined },
    ...{ at: proof.assertion.at?.toString() },
    ...{ looks, count, milliseconds: performance.now() - began, values },
  })
}
