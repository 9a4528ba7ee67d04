import { show } from '../show.ts'
import type { Reading } from '../wait/reading.ts'
import { type Counted, countFromNow, type MarkOptions } from './mark.ts'
import { type Fold, groupBy, SUM } from './metric-fold.ts'
import { labelOf } from './select.ts'
import { listSeries, type Series, type Snapshot, type Source } from './select-series.ts'
import { createUnread } from './select-unread.ts'

/** A number that series add up to, read when asked. What is not there yet is never 0, and NaN is never a value. */
export interface Metric extends Reading<number> {
  /** By the values of a label, summed; '' where a series has no such label. */
  by(label: string): Reading<ReadonlyMap<string, number>>
  /**
   * The same counted from this moment: 0 now. A series that appears later starts at 0. A counter that falls and a series
   * that vanishes fail every later look, unless restarts are counted.
   */
  fromNow(options?: MarkOptions): Promise<Counted>
}

/** A metric over the series of a source. */
export function createMetric(describe: string, source: Source, fold: Fold): Metric {
  let rises = false
  const look = async (signal?: AbortSignal) => {
    const snapshot = await source.look(signal)
    rises = fold.additive && snapshot.rises
    if (snapshot.none !== undefined) throw snapshot.none.error
    return snapshot
  }
  return {
    describe,
    about: source.about,
    phrasing: {
      failed: 'metric not as expected',
      get rises() {
        return rises
      },
    },
    read: async (signal) => foldSeries(describe, fold, (await look(signal)).series),
    by: (label) => ({
      describe: `${describe} by ${label}`,
      about: source.about,
      phrasing: GROUPED,
      read: async (signal) => foldGroups(await look(signal), label, fold),
    }),
    fromNow: (options) => countFromNow({ describe, source, fold }, options),
  }
}

/** The words for numbers by label. */
export const GROUPED = { failed: 'metric not as expected', looked: showGroups, seen: showGroups } as const

/** The number of the series; rejects NaN, and what says nothing yet. */
export function foldSeries(describe: string, fold: Fold, series: readonly Series[]): number {
  const value = fold.of(series)
  if (value === undefined) throw createUnread(`no observation yet: ${describe}`, [])
  if (!Number.isNaN(value)) return value
  const missing = series.filter((one) => Number.isNaN(one.value))
  throw createUnread(`NaN is no value: ${describe}`, listSeries(missing))
}

/** The numbers by the value of a label, sorted by it; a group that says nothing is left out. */
export function foldGroups(
  { series }: Pick<Snapshot, 'series'>,
  label: string,
  fold: Fold,
): ReadonlyMap<string, number> {
  if (series.length > 0 && series.every((one) => labelOf(one.labels, label) === '')) {
    throw createUnread(`no series has a label ${label}`, listSeries(series))
  }
  const groups = [...groupBy(series, (one) => labelOf(one.labels, label))].toSorted(byName)
  const folded = groups.map(
    ([value, group]) => [value, fold.additive ? SUM.of(group) : fold.of(group)] as const,
  )
  return new Map(
    folded.flatMap(([value, number]) => (number === undefined ? [] : [[value, number] as const])),
  )
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1
}

function showGroups(value: unknown): string {
  if (!(value instanceof Map)) return show(value)
  if (value.size === 0) return 'none'
  return [...value].map(([name, number]) => `${JSON.stringify(name)}: ${show(number)}`).join(', ')
}
