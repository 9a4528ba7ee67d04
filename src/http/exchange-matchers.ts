import { UsageError } from '../error.ts'
import type { Assertion, Patience } from '../expect/assertion.ts'
import { showDifferences } from '../expect/matcher.ts'
import { differences, type Proven, refuseEmptyPattern, showPattern } from '../expect/pattern.ts'
import { ownersOf, type Reference } from '../reference.ts'
import type { Verdict } from '../wait/poll.ts'
import { type Answer, showAnswer } from './answer.ts'

/** What can be claimed about the answer to a request. */
export interface ExchangeMatchers {
  /** An answer with that status, and the parts of its body and headers that are named. */
  toRespond<const Body = unknown>(
    status: number,
    options?: Patience & {
      readonly json?: Body
      readonly text?: RegExp | string
      readonly headers?: Readonly<Record<string, unknown>>
    },
  ): Promise<Answer<Proven<Body>>>
  /** No answer at all: refused, reset, timed out, not trusted. */
  toFail(because: RegExp, patience?: Patience): Promise<void>
}

/** How a request is sent by a claim about its answer. */
export interface Sending {
  read(signal?: AbortSignal): Promise<Answer>
  readonly once: boolean
  readonly base: Reference<string>
}

type Attempt = { readonly answer: Answer } | { readonly error: Error }

/** The matchers of a described request. */
export function createMatchers(what: string, sending: Sending, assertion: Assertion): ExchangeMatchers {
  const attempt = async (signal: AbortSignal): Promise<Attempt> => {
    try {
      return { answer: await sending.read(signal) }
    } catch (error) {
      if (error instanceof UsageError || !(error instanceof Error)) throw error
      return { error }
    }
  }
  const claim = (matcher: string, expected: string, judge: (attempt: Attempt) => Verdict) => ({
    what,
    matcher,
    expected,
    judge,
    read: attempt,
    once: sending.once,
    about: ownersOf(sending.base),
    phrasing: { failed: 'not the expected answer', looked: lookAt, seen: see },
  })
  return {
    toRespond(status, options = {}) {
      const { json, text, headers, ...patience } = options
      if (json !== undefined) refuseEmptyPattern(json)
      const part = withoutMissing({ status, json, text, headers })
      const expected = Object.keys(part).length === 1 ? `status ${status}` : showPattern(part)
      // The pattern was checked by then, so the body has the type that the pattern proves.
      return assertion.claim(
        claim('toRespond', expected, (seen) => judgeAnswer(seen, part)),
        patience,
        answerOf,
      ) as Promise<never> // why: see above
    },
    toFail(because, patience) {
      const judge = (seen: Attempt): Verdict => ({ met: 'error' in seen && because.test(seen.error.message) })
      return assertion.claim(claim('toFail', `no answer, because of ${because}`, judge), patience, () => {})
    },
  }
}

function withoutMissing(parts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
}

function judgeAnswer(seen: Attempt, part: Readonly<Record<string, unknown>>): Verdict {
  if ('error' in seen) return { met: false }
  const found = differences(seen.answer, part, true)
  return found.length === 0 ? { met: true } : { met: false, hint: showDifferences(found) }
}

function answerOf(seen: Attempt): Answer {
  if ('error' in seen) throw seen.error
  return seen.answer
}

function lookAt(seen: unknown): string {
  if (!isAttempt(seen)) return String(seen)
  return 'answer' in seen
    ? String(seen.answer.status)
    : (seen.error.message.split(': ').at(-2) ?? 'no answer')
}

function see(seen: unknown): string {
  if (!isAttempt(seen)) return String(seen)
  return 'answer' in seen ? showAnswer(seen.answer) : seen.error.message
}

function isAttempt(value: unknown): value is Attempt {
  return typeof value === 'object' && value !== null && ('answer' in value || 'error' in value)
}
