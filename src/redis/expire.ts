import { type Duration, milliseconds } from '../duration.ts'
import { titleOf, toError, UsageError } from '../error.ts'
import { emit } from '../event.ts'
import type { Assertion } from '../expect/assertion.ts'
import type { Tracked } from '../expect/track.ts'
import { pause } from '../wait/pause.ts'
import type { Look as LookRecord } from '../wait/poll.ts'
import { type Assessment, assess, type Question } from './assess.ts'
import type { Look } from './book.ts'
import {
  describeClaim,
  type Expiry,
  readExpiries,
  summarize,
  tellExpired,
  tellNotExpired,
  tellUnread,
} from './expire-story.ts'
import { createGlob } from './glob.ts'
import type { Source } from './target.ts'
import { beginWatch, type Watch } from './watch.ts'

export interface ExpireOptions {
  /** Every key has a deadline that is no further away than this when the claim is made. */
  readonly within: Duration
  /** No key under the pattern was deleted since the service began; on a Redis that is not the script's own, since it was first looked at. */
  readonly deletions?: 0
}

/** The keys of which expiry is claimed. */
export interface Expiring {
  readonly source: Source
  readonly pattern: string
  readonly describe: string
  /** When the script named them, by `performance.now()`: what expired earlier is not meant. */
  readonly named: number
}

/** Looks just before a deadline, so many milliseconds, and just after it. */
const BEFORE = 2
const SHORTEST_PAUSE = 10
const LONGEST_PAUSE = 250
const PROGRESS_EVERY = 5000

/**
 * Proves for every key that it expires by itself: seen alive with a deadline, alive at the last look before it, gone at the
 * first one after it. Keys that appear meanwhile are held to the same. Never waits for an event: those have no upper bound.
 */
export function claimExpiry(
  expiring: Expiring,
  options: ExpireOptions,
  assertion: Assertion,
): Tracked<readonly Expiry[]> {
  const within = milliseconds(options.within)
  if (within === 0) throw new UsageError("toExpire({ within: '0s' }): nothing expires at once")
  if (options.deletions !== undefined && options.deletions !== 0)
    throw new UsageError(`toExpire cannot count to ${String(options.deletions)} deletions`, {
      hint: 'it takes deletions: 0; for others read deletions(redis, pattern)',
    })
  return assertion.prove((signal) =>
    prove({ expiring, within, deletions: options.deletions, assertion, signal }),
  )
}

/** A claim that is being proven. */
export interface Proof {
  readonly expiring: Expiring
  readonly within: number
  readonly deletions: 0 | undefined
  readonly assertion: Assertion
  readonly signal: AbortSignal | undefined
}

/** What was seen while it was proven. */
interface Course {
  readonly proof: Proof
  readonly began: number
  readonly looks: LookRecord[]
  /** How many keys were left at each look. */
  readonly values: [number, number][]
  told: number
  question: Question | undefined
  suspects: ReadonlySet<string>
}

interface Seen {
  readonly watch: Watch
  readonly look: Look
}

async function prove(proof: Proof): Promise<readonly Expiry[]> {
  const course = createCourse(proof)
  let touch: readonly string[] = []
  for (;;) {
    const seen = await lookOnce(course, touch)
    const found = seen === undefined ? undefined : judge(course, seen)
    if (found?.waiting.length === 0 && touch.length === 0) return tellPassed(course, found)
    const next = planNext(course, seen, found)
    touch = next.touch
    await pause(next.after, proof.signal)
  }
}

/** Undefined where there was no answer and there is time left to look again. */
async function lookOnce(course: Course, touch: readonly string[]): Promise<Seen | undefined> {
  const { expiring, signal } = course.proof
  try {
    const watch = await beginWatch(expiring.source.target())
    const look =
      touch.length === 0
        ? await watch.look(expiring.pattern, { signal })
        : await watch.touch(touch, { signal })
    return { watch, look }
  } catch (thrown) {
    const error = toError(thrown)
    if (signal?.aborted === true || error instanceof UsageError) throw error
    const at = performance.now() - course.began
    course.looks.push({ at, saw: titleOf(error), failed: true })
    if (at < course.proof.within) return undefined
    throw tellUnread(course.proof, error, { looks: course.looks, milliseconds: at })
  }
}

/** Throws the failure as soon as it is clear that the claim cannot hold any more. */
function judge(course: Course, { watch, look }: Seen): Assessment {
  const { expiring, within, deletions } = course.proof
  const { before: start } = look
  course.question ??= {
    ...{ matches: createGlob(expiring.pattern), named: expiring.named },
    ...{ start, bound: start + within, deletions },
  }
  const { question, looks } = course
  const found = assess(watch.book, question, course.suspects)
  course.suspects = found.withoutTtl
  note(course, found)
  if (found.problems.length === 0) return found
  const milliseconds = performance.now() - course.began
  const evidence = { found, question, book: watch.book, calls: watch.calls(), looks, milliseconds }
  tellClaim(course, summarize(evidence), false)
  throw tellNotExpired(course.proof, evidence)
}

/** When to look next, and at which keys; at all of them where none is about to expire. */
function planNext(
  course: Course,
  seen: Seen | undefined,
  found: Assessment | undefined,
): { readonly after: number; readonly touch: readonly string[] } {
  const now = performance.now()
  const pace = Math.min(Math.max((now - course.began) * 0.03, SHORTEST_PAUSE), LONGEST_PAUSE)
  if (seen === undefined || found === undefined) return { after: pace, touch: [] }
  if (found.waiting.length === 0) return { after: 1, touch: [] }
  const deadlines = found.waiting.map(({ deadline = Number.POSITIVE_INFINITY }) => deadline)
  const earliest = Math.min(...deadlines)
  const left = earliest - (seen.look.after + now - seen.look.at)
  if (left > pace + BEFORE) return { after: pace, touch: [] }
  const due = found.waiting.filter((_, index) => (deadlines[index] ?? 0) <= earliest + BEFORE)
  const after = left > BEFORE + 1 ? left - BEFORE : left + 1
  return { after: Math.max(after, 1), touch: due.map(({ key }) => key) }
}

function createCourse(proof: Proof): Course {
  const began = performance.now()
  return { proof, began, looks: [], values: [], told: began, question: undefined, suspects: new Set() }
}

function note(course: Course, { waiting, expired }: Assessment): void {
  const at = performance.now() - course.began
  const left = waiting.length
  course.looks.push({ at, saw: left === 1 ? '1 key' : `${left} keys`, failed: false })
  course.values.push([Math.round(at), left])
  if (performance.now() - course.told < PROGRESS_EVERY) return
  course.told = performance.now()
  const what = `${course.proof.expiring.describe}: ${describeClaim(course.proof)}`
  emit({ kind: 'wait:progress', what, milliseconds: at, last: `${left} left, ${expired.length} expired` })
}

function tellPassed(course: Course, { expired }: Assessment): readonly Expiry[] {
  const expiries = readExpiries(expired)
  tellClaim(course, tellExpired(expiries), true)
  return expiries
}

function tellClaim({ proof, looks, values, began }: Course, last: string, met: boolean): void {
  emit({
    kind: 'claim',
    what: proof.expiring.describe,
    matcher: 'toExpire',
    expected: describeClaim(proof),
    ...{ last, met, at: proof.assertion.at?.toString() },
    ...{ looks, count: looks.length, milliseconds: performance.now() - began, values },
  })
}
