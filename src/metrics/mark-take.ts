import { callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { describeFailure } from '../expect/failure.ts'
import { mode } from '../mode.ts'
import { poll } from '../wait/poll.ts'
import { sense } from '../wait/sense.ts'
import { listSeries, type Snapshot, type Source } from './select-series.ts'
import { createUnread } from './select-unread.ts'

/**
 * The first look that something is counted from: taken as soon as the source can be read. Fails, pointing at the caller's
 * line, when it cannot be for as long as the mode is patient, and for values that nothing can be counted from.
 */
export async function takeMark(describe: string, source: Source): Promise<Snapshot> {
  const at = callSite()
  const signal = currentContext()?.signal
  const sensed = { kind: 'mark', name: source.describe } as const
  const waited = await poll((during) => sense(sensed, () => source.look(during)), {
    what: `${describe}: a mark`,
    within: mode.patience.milliseconds,
    signal,
    show: ({ series }) => `${series.length} series`,
    judge(snapshot) {
      refuseOdd(snapshot)
      return { met: true }
    },
  })
  if (waited.ended === 'met' && waited.value !== undefined) return waited.value
  if (signal?.aborted === true) throw signal.reason
  const phrasing = { failed: 'no mark could be taken' }
  const subject = { what: describe, expected: 'series to count from', phrasing, about: source.about }
  throw describeFailure(subject, waited, at)
}

function refuseOdd({ series }: Snapshot): void {
  const odd = series.filter(({ value }) => !Number.isFinite(value))
  if (odd.length > 0) throw createUnread('nothing can be counted from NaN or infinity', listSeries(odd))
}
