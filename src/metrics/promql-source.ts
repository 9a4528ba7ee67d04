import type { Failure } from '../error.ts'
import { nearest } from '../nearest.ts'
import { sense } from '../wait/sense.ts'
import { keyLabels } from './family-key.ts'
import type { PromqlApi } from './promql-api.ts'
import { readVector, type VectorSample } from './promql-result.ts'
import { requireScrapesSince } from './promql-target.ts'
import type { Series, Snapshot, Source } from './select-series.ts'
import { createUnread } from './select-unread.ts'

/** When and from what an expression is evaluated. Moments are in milliseconds since 1970, as `Date.now()` gives them. */
export interface QueryOptions {
  /** Evaluated as of then; now where it is not given. */
  readonly time?: number
  /** Not answered before every target was scraped at that moment or later. */
  readonly since?: number
}

/** An expression, and when and from what it is evaluated. */
export interface Query extends QueryOptions {
  readonly promql: string
}

/** The series that an expression gives, looked at again and again. */
export function createQuerySource(api: PromqlApi, query: Query): Source {
  return {
    describe: query.promql,
    about: api.owners,
    look: (signal) => sense({ kind: 'series', name: query.promql }, () => lookAt(api, query, signal)),
  }
}

async function lookAt(api: PromqlApi, query: Query, signal?: AbortSignal): Promise<Snapshot> {
  const began = performance.now()
  const samples = await ask(api, query, signal)
  const ended = performance.now()
  const series = samples.map(toSeries)
  const rises = series.length > 0 && series.every(({ name }) => /_(total|bucket|count)$/.test(name))
  const snapshot = { series, began, ended, rises }
  if (series.length > 0) return snapshot
  return { ...snapshot, none: { known: false, error: await tellNone(api, query.promql, signal) } }
}

/** What an expression gives; rejects when that is nothing. */
export async function readQuery(
  api: PromqlApi,
  query: Query,
  signal?: AbortSignal,
): Promise<readonly VectorSample[]> {
  const samples = await ask(api, query, signal)
  if (samples.length > 0) return samples
  throw await tellNone(api, query.promql, signal)
}

async function ask(api: PromqlApi, query: Query, signal?: AbortSignal): Promise<readonly VectorSample[]> {
  const { promql, time, since } = query
  if (since !== undefined) await requireScrapesSince(api, since, signal)
  const parameters = { query: promql, time: time === undefined ? undefined : time / 1000 }
  return readVector(await api.get('query', parameters, signal), promql)
}

function toSeries({ labels, value }: VectorSample): Series {
  const { __name__: name = '', ...rest } = labels
  return { key: `${name}${keyLabels(labels)}`, name, labels: rest, value }
}

/** No data, and the nearest name that there is for one in the expression that there is not. */
async function tellNone(api: PromqlApi, promql: string, signal?: AbortSignal): Promise<Failure> {
  const list = await api.get('label/__name__/values', {}, signal)
  const names = Array.isArray(list) ? list.map(String) : []
  if (names.length === 0) return createUnread(`no data: ${promql}`, ['Prometheus has no series at all yet'])
  const hints = namesIn(promql)
    .filter((name) => !names.includes(name))
    .map((name) => [name, nearest(name, names)] as const)
  return createUnread(
    `no data: ${promql}`,
    hints.map(([name, near]) => `there is no ${name}${near === undefined ? '' : `: did you mean ${near}?`}`),
  )
}

/** The names of metrics in an expression: not functions, keywords, labels or texts. */
function namesIn(promql: string): readonly string[] {
  const bare = promql.replace(
    /"(?:[^"\\]|\\.)*"|\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g,
    ' ',
  )
  const words = bare.match(/(?<![\w:.])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])/g) ?? []
  return [...new Set(words)].filter((word) => !KEYWORDS.has(word.toLowerCase()))
}

const KEYWORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan'])
