import { type Duration, milliseconds } from '../duration.ts'
import { HOST, type Reference, type Viewer } from '../reference.ts'
import type { Reading } from '../wait/reading.ts'
import { type Kind, sense } from '../wait/sense.ts'
import type { Labels } from './exposition.ts'
import { createMetric, type Metric } from './metric.ts'
import { createOnly } from './metric-fold.ts'
import { createPromqlApi } from './promql-api.ts'
import { type Line, readMatrix, toLabels, type VectorSample } from './promql-result.ts'
import { createQuerySource, type QueryOptions, readQuery } from './promql-source.ts'
import { createScrapeTime, createTargetReading, type Target } from './promql-target.ts'
import { createUnread } from './select-unread.ts'

/** What a Prometheus says, as readings. No data is "not yet", never 0; what is not PromQL is a UsageError. */
export interface Promql {
  /** The number that an expression gives; several series are a UsageError that lists them. */
  query(promql: string, options?: QueryOptions): Metric
  /** All series that an expression gives. */
  vector(promql: string, options?: QueryOptions): Reading<readonly VectorSample[]>
  /** The samples that were scraped, with the times of their scrapes: `points('up{job="app"}', { for: '10s' })`. */
  points(selector: string, options: { readonly for: Duration }): Reading<readonly Line[]>
  /** An expression evaluated at every step of a span of time. */
  range(promql: string, span: Span): Reading<readonly Line[]>
  /** The label sets of the series that a selector finds, with `__name__`. */
  series(selector: string): Reading<readonly Labels[]>
  /** `up` or `down`, by a scrape that began after the look did. */
  target(target: Target): Reading<'up' | 'down'>
  /** When the newest sample of a target was scraped, in milliseconds since 1970. */
  scrapedAt(target: Target): Reading<number>
}

/** From one moment to another, both in milliseconds since 1970. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly step: Duration
}

/** How a Prometheus is placed. */
export interface PromqlOptions {
  /** From where Prometheus sees its targets; the host where it is not given. */
  readonly viewer?: Viewer
}

const ONLY = 'name the labels of the one that is meant, or aggregate them: sum(…)'

/** The Prometheus at `base`, a reference to `http://host:port`. */
export function createPromql(base: Reference<string>, { viewer = HOST }: PromqlOptions = {}): Promql {
  const api = createPromqlApi(base)
  const read = <T>(
    describe: string,
    look: (signal?: AbortSignal) => Promise<readonly T[]>,
    kind: Kind = 'lines',
  ): Reading<readonly T[]> => ({
    describe,
    about: api.owners,
    read: (signal) => sense({ kind, name: describe }, () => look(signal)),
  })
  return {
    query: (promql, options) =>
      createMetric(promql, createQuerySource(api, { promql, ...options }), createOnly(promql, ONLY)),
    vector: (promql, options) =>
      read(promql, (signal) => readQuery(api, { promql, ...options }, signal), 'vector'),
    points(selector, options) {
      const query = `${selector}[${milliseconds(options.for)}ms]`
      return read(query, async (signal) =>
        refuseNone(readMatrix(await api.get('query', { query }, signal), query), query),
      )
    },
    range: (query, { from, to, step }) =>
      read(query, async (signal) => {
        const parameters = { query, start: from / 1000, end: to / 1000, step: milliseconds(step) / 1000 }
        return refuseNone(readMatrix(await api.get('query_range', parameters, signal), query), query)
      }),
    series: (selector) =>
      read(
        `series of ${selector}`,
        async (signal) => {
          const list = await api.get('series', { 'match[]': selector }, signal)
          return refuseNone(Array.isArray(list) ? list.map(toLabels) : [], selector)
        },
        'record',
      ),
    target: (target) => createTargetReading(api, target, viewer),
    scrapedAt: (target) => createScrapeTime(api, target, viewer),
  }
}

function refuseNone<T>(list: readonly T[], what: string): readonly T[] {
  if (list.length > 0) return list
  throw createUnread(`no data: ${what}`, [])
}
