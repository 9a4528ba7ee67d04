import { show } from '../show.ts'
import type { Phrasing, Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { createLedger, type Ledger } from './mark-ledger.ts'
import { takeMark } from './mark-take.ts'
import { foldGroups, foldSeries, GROUPED, type Metric } from './metric.ts'
import type { Fold } from './metric-fold.ts'
import type { Snapshot, Source } from './select-series.ts'

/** How a metric is counted from a mark on. */
export interface MarkOptions {
  /** `count`: a counter that falls began again at 0, a series that vanished keeps what it had counted. */
  readonly restarts?: 'fail' | 'count'
}

/** A metric counted from a mark. `by` has the label values that something was counted for. */
export interface Counted extends Metric {
  /** What was counted, per second since the mark. */
  rate(): Reading<number>
}

/** What is counted. */
export interface Countable {
  readonly describe: string
  readonly source: Source
  readonly fold: Fold
}

/** Takes a mark as soon as the source can be read; fails when it cannot be for as long as the mode is patient. */
export async function countFromNow(countable: Countable, options: MarkOptions = {}): Promise<Counted> {
  const { describe, source } = countable
  const start = await takeMark(describe, source)
  const ledger = createLedger(start, {
    countsRestarts: options.restarts === 'count',
    vanishes: source.vanishes === true,
  })
  return createCounted(countable, start, ledger)
}

function createCounted(countable: Countable, start: Snapshot, ledger: Ledger): Counted {
  const { describe, source, fold } = countable
  let { rises } = start
  const look = async (signal?: AbortSignal) => {
    const sensed = { kind: 'counted', name: source.describe, since: start } as const
    const snapshot = await sense(sensed, () => source.look(signal))
    rises = snapshot.rises
    if (snapshot.none !== undefined && !snapshot.none.known && !ledger.hasSeries()) throw snapshot.none.error
    return { series: ledger.count(snapshot), seconds: (snapshot.began - start.began) / 1000 }
  }
  const read = async (signal?: AbortSignal) => foldSeries(describe, fold, (await look(signal)).series)
  const base = fold.of(start.series) ?? 0 // throws where several series stand for one
  return {
    describe: fold.additive ? describe : `${describe} since the mark`,
    about: source.about,
    phrasing: fold.additive ? phraseChange(base, () => rises) : { failed: 'metric not as expected' },
    read,
    by: (label) => ({
      describe: `${describe} by ${label}, since the mark`,
      about: source.about,
      phrasing: GROUPED,
      read: async (signal) => {
        const groups = foldGroups(await look(signal), label, fold)
        return fold.additive ? new Map([...groups].filter(([, value]) => value !== 0)) : groups
      },
    }),
    rate: () => ({
      describe: `${describe} per second since the mark`,
      about: source.about,
      read: async (signal) => {
        const { series, seconds } = await look(signal)
        return foldSeries(describe, fold, series) / seconds
      },
    }),
    fromNow: (options) => countFromNow(countable, options),
  }
}

/** The words of a change: `rose by 96  (12 → 108)`. */
function phraseChange(base: number, rises: () => boolean): Phrasing {
  const now = (value: unknown) => (typeof value === 'number' ? show(base + value) : show(value))
  return {
    get failed() {
      return rises() ? 'metric did not rise' : 'metric did not change'
    },
    get expected() {
      return rises() ? 'to rise by' : 'to change by'
    },
    get rises() {
      return rises()
    },
    seen: (value) => `${rises() ? 'rose' : 'changed'} by ${show(value)}  (${show(base)} → ${now(value)})`,
    looked: now,
  }
}
