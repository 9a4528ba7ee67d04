import { Failure, ShakedownError } from '../error.ts'
import type { Answer } from '../http/answer.ts'
import { type Door, send } from '../http/send.ts'
import { type Reference, render, type Word } from '../reference.ts'
import { shorten } from '../show.ts'
import type { Exposition } from './exposition.ts'
import { parse } from './parse.ts'
import { createUnread } from './select-unread.ts'

/** How a page of metrics is asked for. */
export interface ScrapeOptions {
  readonly headers?: Readonly<Record<string, Word>>
  /** A client certificate, another authority. */
  readonly door?: Door
}

/** A page of metrics as it was at one moment. Times are of `performance.now()`. */
export interface Page {
  readonly url: string
  readonly text: string
  readonly exposition: Exposition
  readonly began: number
  readonly ended: number
}

/** What Prometheus sends, without protobuf and compression. */
const ACCEPT = [
  'application/openmetrics-text;version=1.0.0',
  'application/openmetrics-text;version=0.0.1;q=0.75',
  'text/plain;version=0.0.4;q=0.5',
].join(',')

/**
 * Fetches a page of metrics once, on a connection of its own, and reads it. Rejects with a Failure for no answer, a status
 * other than 200, a missing Content-Type, and for what is not an exposition (the ExpositionError is its cause).
 */
export async function scrape(
  url: Reference<string>,
  options: ScrapeOptions = {},
  signal?: AbortSignal,
): Promise<Page> {
  const target = render(url)
  const own = Object.entries(options.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    render(value),
  ])
  const headers = { accept: ACCEPT, 'user-agent': 'shakedown', ...Object.fromEntries(own) }
  const began = performance.now()
  const answer = await send({ method: 'GET', url: target, headers, door: options.door }, signal)
  const ended = performance.now()
  return { url: target, text: answer.text, exposition: readAnswer(answer, target), began, ended }
}

function readAnswer(answer: Answer, url: string): Exposition {
  if (answer.status !== 200) {
    throw new Failure(`${answer.status} from ${url}${describeBody(answer.text)}`)
  }
  const contentType = answer.headers['content-type']
  if (contentType === undefined) {
    throw createUnread(`no Content-Type from ${url}`, ['Prometheus refuses such an answer from 3.0 on'])
  }
  try {
    return parse(answer.text, { contentType })
  } catch (cause) {
    if (!(cause instanceof ShakedownError)) throw cause
    const [, ...details] = cause.message.split('\n')
    throw createUnread(
      `${cause.title}: ${url}`,
      details.map((line) => line.trimEnd()),
      cause,
    )
  }
}

function describeBody(text: string): string {
  const first = text.trim().split('\n', 1)[0] ?? ''
  return first === '' ? '' : `: ${shorten(first, 120)}`
}
