import { createLatencyRecorder, type LatencyRecorder } from './latency.ts'
import type { Slot } from './sent.ts'

/** Slots that are filled one after the other; times are milliseconds since the start and never go back. */
export interface Series {
  readonly slots: Slot[]
  readonly latencies: LatencyRecorder
  /** Of the slot that is being filled. */
  end: number
  sent: number
  answered: number
  errors: number
}

const WIDTH = 100

/** An empty series. Slots in which nothing happens will be there too, so that a stall shows as a gap. */
export function createSeries(): Series {
  return { slots: [], latencies: createLatencyRecorder(), end: WIDTH, sent: 0, answered: 0, errors: 0 }
}

/** Notes a request that was sent. */
export function seriesSent(series: Series, at: number): void {
  moveTo(series, at)
  series.sent += 1
}

/** Notes a full answer; the latency is in milliseconds. */
export function seriesAnswered(
  series: Series,
  at: number,
  answer: { latency: number; isError: boolean },
): void {
  moveTo(series, at)
  series.answered += 1
  series.latencies.record(answer.latency)
  if (answer.isError) series.errors += 1
}

/** Notes a request that failed without a full answer. */
export function seriesFailed(series: Series, at: number): void {
  moveTo(series, at)
  series.errors += 1
}

/** All slots up to the last in which something happened. */
export function slotsOf(series: Series): readonly Slot[] {
  finishSlot(series)
  return series.slots
}

function moveTo(series: Series, at: number): void {
  while (at >= series.end) finishSlot(series)
}

function finishSlot(series: Series): void {
  const { end, sent, answered, errors, latencies } = series
  const [p50, p95] = [latencies.quantile(50), latencies.quantile(95)]
  const quantiles = p50 === undefined || p95 === undefined ? {} : { p50, p95 }
  series.slots.push({ at: end - WIDTH, sent, answered, errors, ...quantiles })
  if (answered > 0) latencies.reset()
  Object.assign(series, { end: end + WIDTH, sent: 0, answered: 0, errors: 0 })
}
