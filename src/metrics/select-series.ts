import type { Failure } from '../error.ts'
import type { Owner } from '../reference.ts'
import type { Labels, Sample } from './exposition.ts'
import { keySeries } from './family-key.ts'
import { describeSelector } from './select.ts'
import { createUnread } from './select-unread.ts'

/** One series and its value at one moment. `key` is the same for the same name and labels. */
export interface Series {
  readonly key: string
  readonly name: string
  readonly labels: Labels
  readonly value: number
}

/** The series of a selection at one moment, each once. Times are of `performance.now()`. */
export interface Snapshot {
  readonly series: readonly Series[]
  readonly began: number
  readonly ended: number
  /** True for what can only rise: counters, buckets. */
  readonly rises: boolean
  /** Why there are no series, where there are none; `known` when the name is there, so that 0 is a fact and not a misspelling. */
  readonly none?: { readonly error: Failure; readonly known: boolean }
}

/** Where series come from: a page of metrics, a PromQL expression. */
export interface Source {
  /** `requests_total{method="GET"}`. */
  readonly describe: string
  readonly about: Iterable<Owner>
  look(signal?: AbortSignal): Promise<Snapshot>
  /** A series that is gone is a change like any other, and not a loss. */
  readonly vanishes?: boolean
}

/** What repeated series mean: an error, one series when they are identical, one series in any case. */
export type Repeats = 'refuse' | 'merge' | 'ignore'

/** Samples as series, each once; rejects what `repeats` does not allow, naming the lines. */
export function toSeries(samples: readonly Sample[], repeats: Repeats): readonly Series[] {
  const series = new Map<string, Series>()
  for (const sample of samples) {
    const key = keySeries(sample)
    const first = series.get(key)
    if (first === undefined)
      series.set(key, { key, name: sample.name, labels: sample.labels, value: sample.value })
    else if (repeats === 'refuse') throw tellRepeated(samples, key)
    else if (repeats === 'merge' && !Object.is(first.value, sample.value))
      throw tellContradiction(samples, key)
  }
  return [...series.values()]
}

/** A series as it is written: `up{job="app"}`. */
export function showSeries(series: Pick<Series, 'name' | 'labels'>): string {
  return describeSelector(series.name, series.labels)
}

/** The first series with their values, one a line, and how many more there are. */
export function listSeries(series: readonly Pick<Series, 'name' | 'labels' | 'value'>[]): readonly string[] {
  const LISTED = 6
  const lines = series.slice(0, LISTED).map((one) => `${showSeries(one)} ${one.value}`)
  return series.length > LISTED ? [...lines, `and ${series.length - LISTED} more`] : lines
}

function tellRepeated(samples: readonly Sample[], key: string): Failure {
  const same = samples.filter((sample) => keySeries(sample) === key)
  return createUnread(`the exposition repeats a series: ${nameOf(same)}`, [
    ...same.map((sample) => `line ${sample.line}: ${sample.value}`),
    'a sum would count it more than once: a defect of the exporter; distinct(…) counts identical series once',
  ])
}

function tellContradiction(samples: readonly Sample[], key: string): Failure {
  const same = samples.filter((sample) => keySeries(sample) === key)
  return createUnread(`the exposition contradicts itself: ${nameOf(same)}`, [
    ...same.map((sample) => `line ${sample.line}: ${sample.value}`),
  ])
}

function nameOf([first]: readonly Sample[]): string {
  return first === undefined ? '' : showSeries(first)
}
