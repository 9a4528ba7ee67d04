import { createHistogram } from 'node:perf_hooks'
import { period } from '../duration.ts'
import type { Latency } from './sent.ts'

/** Collects latencies in constant memory: quantiles are good to three digits, min, mean and max are exact. */
export interface LatencyRecorder {
  /** In milliseconds; a negative value, as clocks and timers give them now and then, counts as 0. */
  record(milliseconds: number): void
  /** In milliseconds, for a percentage; undefined when nothing was recorded. */
  quantile(percent: number): number | undefined
  result(): Latency
  reset(): void
}

/** The native histogram takes whole microseconds from 1 up to this; an hour is longer than any patience. */
const LARGEST = 3_600_000_000

/** An empty recorder. */
export function createLatencyRecorder(): LatencyRecorder {
  const histogram = createHistogram({ lowest: 1, highest: LARGEST, figures: 3 })
  let exact = { ...NOTHING }

  function record(milliseconds: number): void {
    const value = Math.max(0, milliseconds)
    histogram.record(Math.min(LARGEST, Math.max(1, Math.round(value * 1000))))
    exact.count += 1
    exact.sum += value
    if (value < exact.min) exact.min = value
    if (value > exact.max) exact.max = value
  }

  /** The smallest value that so many are not above: the histogram would round the rank, and flatter. */
  function quantile(percent: number): number | undefined {
    const { count, max } = exact
    if (count === 0) return undefined
    const rank = Math.ceil((count * percent) / 100)
    return Math.min(max, histogram.percentile((rank * 100) / count) / 1000) // a bucket ends beyond its largest value
  }

  function result(): Latency {
    const { count, sum, min, max } = exact
    const at = (percent: number) => period(quantile(percent) ?? 0)
    const edges = {
      min: period(count === 0 ? 0 : min),
      mean: period(count === 0 ? 0 : sum / count),
      max: period(max),
    }
    return { count, ...edges, p50: at(50), p90: at(90), p95: at(95), p99: at(99) }
  }

  function reset(): void {
    histogram.reset()
    exact = { ...NOTHING }
  }

  return { record, quantile, result, reset }
}

const NOTHING = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: 0 }
