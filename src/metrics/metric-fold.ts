import { UsageError } from '../error.ts'
import { listSeries, type Series } from './select-series.ts'

/** How several series become one number. */
export interface Fold {
  /** The number; undefined when the series say nothing yet: a quantile of no observations. */
  of(series: readonly Series[]): number | undefined
  /** True when the number of now is the number of a mark plus what was counted since. */
  readonly additive: boolean
}

/** The sum. */
export const SUM: Fold = {
  additive: true,
  of: (series) => series.reduce((sum, { value }) => sum + value, 0),
}

/** The value of the only series; several are a UsageError that lists them. */
export function createOnly(what: string, hint: string): Fold {
  return {
    additive: true,
    of(series) {
      if (series.length <= 1) return SUM.of(series)
      throw new UsageError(`${what} is ${series.length} series, one is expected`, {
        last: listSeries(series).join('\n'),
        hint,
      })
    },
  }
}

/** Series by the value of a label, '' where it is missing. */
export function groupBy(
  series: readonly Series[],
  take: (series: Series) => string,
): ReadonlyMap<string, readonly Series[]> {
  const groups = new Map<string, Series[]>()
  for (const one of series) {
    const value = take(one)
    const group = groups.get(value)
    if (group === undefined) groups.set(value, [one])
    else group.push(one)
  }
  return groups
}
