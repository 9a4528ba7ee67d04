import type { Reference } from '../reference.ts'
import { createQuantile } from './histogram.ts'
import { createMetric, type Metric } from './metric.ts'
import { createOnly, SUM } from './metric-fold.ts'
import { createPageReadings, type PageReadings } from './metrics-page.ts'
import { countSeries, createSite, createSource } from './metrics-source.ts'
import { type Watch, type WatchOptions, watchSeries } from './metrics-watch.ts'
import type { ScrapeOptions } from './scrape.ts'
import type { Selector } from './select.ts'

/** What a page of metrics says, as readings: each look fetches the page anew. What is missing is "not yet", never 0. */
export interface Metrics extends PageReadings {
  /** Where the page is. */
  readonly url: Reference<string>
  /** The value of the only series that matches; several are a UsageError that lists them. */
  value(name: string, labels?: Selector): Metric
  /** The sum of all series that match. A page that repeats a series is refused: it would count twice. */
  sum(name: string, labels?: Selector): Metric
  /** As `sum`, where the page repeats identical series: each counts once. Different values for one series are refused. */
  distinct(name: string, labels?: Selector): Metric
  /** How many different series match. 0 only where the name is there, or was when the same reading looked before. */
  count(name: string, labels?: Selector): Metric
  /** A quantile of a histogram, as PromQL's histogram_quantile estimates it; the name without `_bucket`. */
  quantile(q: number, name: string, labels?: Selector): Metric
  /** Looks in the background from now on, and remembers every fall of a counter and every series that goes. */
  watch(name: string, labels?: Selector, options?: WatchOptions): Promise<Watch>
}

/** Whatever has metrics: it can be read, and it can be scraped. */
export interface Metered {
  readonly metrics: Metrics
}

const ONLY = 'name the labels of the one that is meant, or use sum(…)'

/** The metrics at `url`, a reference to the page's whole address: ``at`${app.url}/metrics` ``. */
export function createMetrics(url: Reference<string>, options: ScrapeOptions = {}): Metrics {
  const site = createSite(url, options)
  return {
    url,
    value(name, labels) {
      const source = createSource(site, { name, labels, repeats: 'refuse' })
      return createMetric(source.describe, source, createOnly(source.describe, ONLY))
    },
    sum(name, labels) {
      const source = createSource(site, { name, labels, repeats: 'refuse' })
      return createMetric(`${source.describe} summed`, source, SUM)
    },
    distinct(name, labels) {
      const source = createSource(site, { name, labels, repeats: 'merge' })
      return createMetric(`${source.describe} summed, repeats once`, source, SUM)
    },
    count(name, labels) {
      const source = createSource(site, { name, labels, repeats: 'ignore' })
      return createMetric(`series of ${source.describe}`, countSeries(source), SUM)
    },
    quantile(q, name, labels) {
      const bucket = `${name.replace(/_bucket$/, '')}_bucket`
      const source = createSource(site, { name: bucket, labels, repeats: 'refuse' })
      return createMetric(`quantile ${q} of ${source.describe}`, source, createQuantile(q))
    },
    watch: (name, labels, options) =>
      watchSeries(createSource(site, { name, labels, repeats: 'merge' }), options),
    ...createPageReadings(site),
  }
}
