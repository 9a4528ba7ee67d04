import { type Duration, milliseconds } from '../duration.ts'
import { titleOf, toError, UsageError } from '../error.ts'
import type { Assertion } from '../expect/assertion.ts'
import type { Tracked } from '../expect/track.ts'
import { pause } from '../wait/pause.ts'
import { type Assessment, assess } from './assess.ts'
import type { Look } from './book.ts'
import {
  type Course,
  createCourse,
  type Expiring,
  noteFailedLook,
  noteLook,
  tellAborted,
  tellPassed,
  tellProblems,
} from './expire-course.ts'
import { type Expiry, tellNotExpired, tellUnread } from './expire-story.ts'
import { createGlob } from './glob.ts'
import { beginWatch, type Watch } from './watch.ts'

/** How keys are expected to expire. */
export interface ExpireOptions {
  /** Every key has a deadline that is no further away than this when the claim is made. */
  readonly within: Duration
  /** No key under the pattern was deleted since the service began; on a Redis that is not the script's own, since it was first looked at. */
  readonly deletions?: 0
}

/** Looks just before a deadline, so many milliseconds, and just after it; then also at those that come next. */
const BEFORE = 2
const NEXT = 5
const SHORTEST_PAUSE = 10
const LONGEST_PAUSE = 250

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
  if (!(within > 0)) throw new UsageError("toExpire({ within: '0s' }): nothing expires at once")
  const { deletions } = options
  if (deletions !== undefined && deletions !== 0)
    throw new UsageError(`toExpire cannot count to ${String(deletions)} deletions`, {
      hint: 'it takes deletions: 0; for others read deletions(redis, pattern)',
    })
  return assertion.prove((signal) => prove(createCourse({ expiring, within, deletions, assertion, signal })))
}

interface Seen {
  readonly watch: Watch
  readonly look: Look
}

async function prove(course: Course): Promise<readonly Expiry[]> {
  try {
    return await follow(course)
  } catch (error) {
    if (course.proof.signal?.aborted === true) tellAborted(course)
    throw error
  }
}

async function follow(course: Course): Promise<readonly Expiry[]> {
  let touch: readonly string[] = []
  for (;;) {
    const seen = await lookOnce(course, touch)
    const found = seen === undefined ? undefined : await judge(course, seen)
    if (found?.waiting.length === 0 && touch.length === 0) return tellPassed(course, found)
    const next = planNext(course, seen, found)
    touch = next.touch
    await pause(next.after, course.proof.signal)
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
    const at = noteFailedLook(course, titleOf(error))
    if (at < course.proof.within) return undefined
    throw tellUnread(course.proof, error, { looks: course.looks, count: course.count, milliseconds: at })
  }
}

/** Throws the failure as soon as it is clear that the claim cannot hold any more. */
async function judge(course: Course, { watch, look }: Seen): Promise<Assessment> {
  const { expiring, within, deletions, signal } = course.proof
  const { before: start } = look
  course.question ??= {
    ...{ matches: createGlob(expiring.pattern), named: expiring.named },
    ...{ start, bound: start + within, deletions },
  }
  const { question } = course
  const found = assess(watch.book, question, course.suspects)
  course.suspects = found.withoutTtl
  noteLook(course, found, look.after)
  if (found.problems.length === 0) return found
  // Where there was nothing, the other keys show whether the pattern is wrong.
  if (found.problems[0]?.kind === 'nothing') await watch.look(`${expiring.source.access.prefix}*`, { signal })
  const evidence = { found, question, book: watch.book, calls: watch.calls(), ...looksOf(course) }
  tellProblems(course, evidence)
  throw tellNotExpired(course.proof, evidence)
}

function looksOf({ looks, count, began }: Course) {
  return { looks, count, milliseconds: performance.now() - began }
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
  if (found.withoutTtl.size > 0) return { after: SHORTEST_PAUSE, touch: [] }
  const deadlines = found.waiting.map(({ deadline = Number.POSITIVE_INFINITY }) => deadline)
  const earliest = Math.min(...deadlines)
  const left = earliest - (seen.look.after + now - seen.look.at)
  if (left > pace + BEFORE) return { after: pace, touch: [] }
  const due = found.waiting.filter((_, index) => (deadlines[index] ?? 0) <= earliest + NEXT)
  const after = left > BEFORE + 1 ? left - BEFORE : left + 1
  return { after: Math.max(after, 1), touch: due.map(({ key }) => key) }
}
