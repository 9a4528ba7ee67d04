import { UsageError } from '../error.ts'
import type { Fold } from './metric-fold.ts'
import { toNumber } from './parse-number.ts'
import { labelOf } from './select.ts'
import { listSeries, type Series } from './select-series.ts'
import { createUnread } from './select-unread.ts'

interface Bucket {
  readonly upTo: number
  readonly count: number
}

/**
 * The quantile of what the buckets counted, as PromQL's histogram_quantile estimates it: linear inside of a bucket, the
 * highest finite bound beyond it. Undefined without observations; rejects buckets that cannot be (no +Inf, not cumulative).
 */
export function createQuantile(q: number): Fold {
  if (!(q >= 0 && q <= 1)) {
    throw new UsageError(`not a quantile: ${q}`, { hint: 'a quantile is between 0 and 1: 0.95' })
  }
  return { additive: false, of: (series) => estimate(q, series) }
}

function estimate(q: number, series: readonly Series[]): number | undefined {
  if (series.length === 0) return undefined
  const buckets = toBuckets(series)
  const total = buckets.at(-1)?.count ?? 0
  if (total === 0) return undefined
  const rank = q * total
  const index = buckets.slice(0, -1).findIndex(({ count }) => count >= rank)
  const bucket = index === -1 ? undefined : buckets[index]
  if (bucket === undefined) return buckets.at(-2)?.upTo
  const below = buckets[index - 1]
  if (below === undefined && bucket.upTo <= 0) return bucket.upTo
  const from = below?.upTo ?? 0
  const before = below?.count ?? 0
  if (bucket.count === before) return from
  return from + (bucket.upTo - from) * ((rank - before) / (bucket.count - before))
}

/** The buckets of all series, counts of the same bound added up, by rising bound. */
function toBuckets(series: readonly Series[]): readonly Bucket[] {
  const counts = new Map<number, number>()
  for (const one of series) {
    const upTo = toNumber(labelOf(one.labels, 'le'))
    if (upTo === undefined || Number.isNaN(upTo))
      throw createUnread('a bucket has no bound', listSeries([one]))
    counts.set(upTo, (counts.get(upTo) ?? 0) + one.value)
  }
  const buckets = [...counts]
    .map(([upTo, count]) => ({ upTo, count }))
    .sort((left, right) => left.upTo - right.upTo)
  if (buckets.at(-1)?.upTo !== Number.POSITIVE_INFINITY)
    throw createUnread('a histogram has no bucket le="+Inf"', listSeries(series))
  if (buckets.length < 2) throw createUnread('a histogram has one bucket only', listSeries(series))
  const falls = buckets.some(({ count }, index) => count < (buckets[index - 1]?.count ?? 0))
  if (falls) throw createUnread('buckets are not cumulative', listSeries(series))
  return buckets
}
