import { callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { UsageError } from '../error.ts'
import { emit } from '../event.ts'
import { describeWord, ownersOf, type Reference, render, type Word } from '../reference.ts'
import { own, type Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { type Answer, showAnswer } from './answer.ts'
import { createMatchers, type ExchangeMatchers } from './exchange-matchers.ts'
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
  const name = `${what} of ${describeWord(base)}`
  const read = (signal?: AbortSignal) => {
    markSent()
    return sense({ kind: 'answer', name }, () => exchange(description, signal))
  }
  return {
    describe: name,
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

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'status' in value && 'text' in value
}
