import { Failure, UsageError } from '../error.ts'
import type { Answer } from '../http/answer.ts'
import { send } from '../http/send.ts'
import { type Owner, ownersOf, type Reference, render } from '../reference.ts'
import { shorten } from '../show.ts'
import { drawCaret } from './exposition-error.ts'
import { createUnread } from './select-unread.ts'

/** The HTTP API of a Prometheus. */
export interface PromqlApi {
  readonly base: Reference<string>
  readonly owners: Iterable<Owner>
  /**
   * The `data` of an answer. A query that cannot be parsed is a UsageError with Prometheus' own words and a caret; any other
   * refusal a Failure.
   */
  get(path: string, parameters: Parameters, signal?: AbortSignal): Promise<unknown>
}

/** What a request asks, by name; what is undefined is left out. */
export type Parameters = Readonly<Record<string, string | number | undefined>>

/** The API of the Prometheus at `base`, a reference to `http://host:port`. */
export function createPromqlApi(base: Reference<string>): PromqlApi {
  return {
    base,
    owners: ownersOf(base),
    async get(path, parameters, signal) {
      const search = new URLSearchParams()
      for (const [name, value] of Object.entries(parameters)) {
        if (value !== undefined) search.set(name, String(value))
      }
      const url = `${render(base).replace(/\/$/, '')}/api/v1/${path}`
      const outgoing = { method: 'GET', url: `${url}?${search}`, headers: { accept: 'application/json' } }
      return readData(await send(outgoing, signal), { url, query: String(parameters['query'] ?? '') })
    },
  }
}

interface Asked {
  readonly url: string
  readonly query: string
}

function readData(answer: Answer, asked: Asked): unknown {
  const body = parseBody(answer.text)
  if (body?.status === 'success' && answer.status === 200) return body.data
  const error = typeof body?.error === 'string' ? body.error : undefined
  if (error === undefined) {
    const first = answer.text.trim().split('\n', 1)[0] ?? ''
    throw new Failure(
      `not an answer of Prometheus: ${answer.status} from ${asked.url}: ${shorten(first, 120)}`,
    )
  }
  if (answer.status === 400) throw tellMistake(error, asked.query)
  throw createUnread(`${answer.status} from ${asked.url}`, [error, ...[asked.query || []].flat()])
}

interface Body {
  readonly status: unknown
  readonly data?: unknown
  readonly error?: unknown
}

function parseBody(text: string): Body | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'status' in body ? body : undefined
  } catch {
    // Not JSON: the caller tells the status and the first line instead.
    return undefined
  }
}

function tellMistake(error: string, query: string): UsageError {
  const [, message = error] = /^invalid parameter "[^"]+": ?(.*)$/s.exec(error) ?? []
  const [, line, column, reason = message] = /^(\d+):(\d+): (?:parse error: )?(.*)$/s.exec(message) ?? []
  const text = query.split('\n')[Number(line ?? 1) - 1] ?? query
  const drawn = column === undefined ? text : drawCaret({ line: Number(line), column: Number(column), text })
  return new UsageError(`not PromQL: ${reason}`, query === '' ? {} : { last: drawn })
}
