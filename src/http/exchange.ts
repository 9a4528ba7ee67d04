import { callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { UsageError } from '../error.ts'
import { emit } from '../event.ts'
import type { Assertion, Patience } from '../expect/assertion.ts'
import { showDifferences } from '../expect/matcher.ts'
import { differences, type Proven, refuseEmptyPattern, showPattern } from '../expect/pattern.ts'
import { describeWord, ownersOf, type Reference, render, type Word } from '../reference.ts'
import type { Verdict } from '../wait/poll.ts'
import { own, type Reading } from '../wait/reading.ts'
import { type Answer, showAnswer } from './answer.ts'
import { type Door, type Outgoing, send } from './send.ts'

/** What a request carries besides its method and path. */
export interface RequestOptions {
  readonly bearer?: Word
  readonly headers?: Readonly<Record<string, Word>>
}

/** A body: JSON, plain text, or a file to upload. */
export interface RequestBody {
  readonly json?: unknown
  readonly text?: string
  readonly file?: string
}

/** Adds what proves who sends a request: a signature over it. */
export interface Signer {
  sign(request: Outgoing): Readonly<Record<string, string>>
}

/** A request as a script describes it. */
export interface Description extends RequestOptions, RequestBody {
  readonly method: string
  readonly path: string
  readonly base: Reference<string>
  readonly door?: Door | undefined
  readonly signer?: Signer | undefined
}

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

/**
 * A request that is described; `send`, an expectation or a round of `traffic` sends it. Only GET and HEAD are sent again
 * while waiting, others once unless `within` is given.
 */
export interface Exchange extends Reading<Answer, ExchangeMatchers> {
  send(): Promise<Answer>
  signed(signer: Signer): Exchange
  readonly [described]: Described
}

/** The key under which an exchange tells what it describes, to whoever sends it in another way. */
export const described: unique symbol = Symbol('shakedown.described')

interface Described {
  readonly description: Description
  /** Settles the debt of having to be sent. */
  markSent(): void
}

const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Describes a request. A step in which it was described and never sent fails, naming the line. */
export function createExchange(description: Description): Exchange {
  const { method, path, base } = description
  if (!path.startsWith('/'))
    throw new UsageError(`not a path: ${path}`, { hint: `begin it with a slash: /${path}` })
  let sent = false
  const markSent = () => {
    sent = true
  }
  const what = `${method} ${path}`
  currentContext()?.owe({
    title: `a request was described but never sent: ${what}`,
    hint: 'send it: await ….send(), or expect(…).toRespond(…)',
    at: callSite(),
    settled: () => sent,
  })
  const read = (signal?: AbortSignal) => {
    markSent()
    return exchange(description, signal)
  }
  return {
    describe: `${what} of ${describeWord(base)}`,
    read,
    send: () => read(currentContext()?.signal),
    signed(signer) {
      markSent()
      return createExchange({ ...description, signer })
    },
    about: ownersOf(base),
    once: !REPEATABLE.has(method),
    phrasing: {
      failed: 'not the expected answer',
      looked: (answer) => String(isAnswer(answer) ? answer.status : answer),
      seen: (answer) => (isAnswer(answer) ? showAnswer(answer) : String(answer)),
    },
    [own]: (assertion) => createMatchers(what, { read, once: !REPEATABLE.has(method), base }, assertion),
    [described]: { description, markSent },
  }
}

/** A description with all its references resolved. */
export function resolveDescription(description: Description): Outgoing {
  const { method, path, base, bearer, headers = {}, json, text, file, door, signer } = description
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), render(value)])
  const outgoing: Outgoing = {
    method,
    url: `${render(base).replace(/\/$/, '')}${path}`,
    headers: {
      ...(bearer === undefined ? {} : { authorization: `Bearer ${render(bearer)}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...Object.fromEntries(own),
    },
    body: json === undefined ? text : JSON.stringify(json),
    file,
    door,
  }
  return signer === undefined
    ? outgoing
    : { ...outgoing, headers: { ...outgoing.headers, ...signer.sign(outgoing) } }
}

async function exchange(description: Description, signal?: AbortSignal): Promise<Answer> {
  const outgoing = resolveDescription(description)
  const { method, url } = outgoing
  const began = performance.now()
  try {
    const answer = await send(outgoing, signal)
    emit({ kind: 'exchange', method, url, status: answer.status, milliseconds: answer.milliseconds })
    return answer
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    emit({ kind: 'exchange', method, url, milliseconds: performance.now() - began, error: message })
    throw error
  }
}

interface Sending {
  read(signal?: AbortSignal): Promise<Answer>
  readonly once: boolean
  readonly base: Reference<string>
}

type Attempt = { readonly answer: Answer } | { readonly error: Error }

function createMatchers(what: string, sending: Sending, assertion: Assertion): ExchangeMatchers {
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
      ) as Promise<never>
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

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'status' in value && 'text' in value
}
