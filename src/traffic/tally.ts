import { formatDuration } from '../duration.ts'
import type { Cause } from './cause.ts'
import type { Exchange, NoAnswer } from './exchange.ts'
import { createLatencyRecorder, type LatencyRecorder } from './latency.ts'
import type { Progress } from './plan.ts'
import type { RenderedRequest } from './render.ts'
import type { Schedule } from './schedule.ts'
import type { Failed, PathCount, Sent } from './sent.ts'
import { createSeries, type Series, seriesAnswered, seriesFailed, seriesSent, slotsOf } from './series.ts'

/** The counts of a run while it goes on; all times are milliseconds of `performance.now()`. */
export interface Tally {
  readonly start: number
  readonly latencies: LatencyRecorder
  readonly series: Series
  readonly failures: Partial<Record<Cause, Failed>>
  readonly whole: Counts
  readonly paths: ReadonlyMap<string, Counts>
  started: number
  written: number
  lastAnswer: number
}

interface Counts {
  answered: number
  unanswered: number
  ok: number
  readonly statuses: Map<number, number>
}

const IN_VAIN: readonly Cause[] = ['timeout', 'abandoned']
/** Above this share of late requests, latencies are no longer the server's alone. */
const LATE_SHARE = 0.01

/** Counts of nothing, for a run that begins at `start`. */
export function createTally(start: number, requests: readonly RenderedRequest[]): Tally {
  const paths = new Map(requests.map(({ label }) => [label, createCounts()]))
  const records = { latencies: createLatencyRecorder(), series: createSeries(), failures: {} }
  return { start, ...records, whole: createCounts(), paths, started: 0, written: 0, lastAnswer: start }
}

/** Counts a request that is tried now. */
export function countStart(tally: Tally, now: number): void {
  tally.started += 1
  seriesSent(tally.series, now - tally.start)
}

/** Counts a full answer. */
export function countAnswer(
  tally: Tally,
  exchange: Exchange,
  { status, now }: { status: number; now: number },
): void {
  const latency = now - exchange.intended
  tally.latencies.record(latency)
  tally.written += 1
  tally.lastAnswer = now
  seriesAnswered(tally.series, now - tally.start, { latency, isError: isError(status) })
  countStatus(tally.whole, status)
  countStatus(tally.paths.get(exchange.request.label), status)
}

/** Counts a request that has no full answer; the time of one that waited in vain is a latency too. */
export function countFailure(
  tally: Tally,
  exchange: Exchange,
  { cause, detail, now }: NoAnswer & { now: number },
): void {
  const waited = now - exchange.intended
  if (IN_VAIN.includes(cause)) tally.latencies.record(waited)
  if (exchange.isWritten) tally.written += 1
  seriesFailed(tally.series, now - tally.start)
  tally.whole.unanswered += 1
  const path = tally.paths.get(exchange.request.label)
  if (path !== undefined) path.unanswered += 1
  const before = tally.failures[cause]
  const first = before?.first ?? `${exchange.request.title} after ${formatDuration(waited)}: ${detail}`
  tally.failures[cause] = { count: (before?.count ?? 0) + 1, first }
}

/** How far the run has come. */
export function progressOf({ started, whole, latencies }: Tally): Progress {
  return { sent: started, answered: whole.answered, errors: errorsOf(whole), p95: latencies.quantile(95) }
}

/** The result; to be taken once, at the end. `startedAt` is in milliseconds since 1970. */
export function resultOf(tally: Tally, schedule: Schedule, startedAt: number): Sent {
  const { whole, written, failures, latencies, series } = tally
  const { late, dropped, planned } = schedule
  const asked = whole.answered + whole.unanswered + dropped
  const length = Math.max(planned, tally.lastAnswer - tally.start)
  return {
    ...describe(whole),
    ...{ unanswered: whole.unanswered, written, failures, late, dropped, startedAt },
    byPath: Object.fromEntries([...tally.paths].map(([label, counts]) => [label, describe(counts)])),
    isReliable: late <= asked * LATE_SHARE,
    latency: latencies.result(),
    seconds: length / 1000,
    rate: length === 0 ? 0 : (whole.answered * 1000) / length,
    endedAt: startedAt + Math.ceil(length),
    series: slotsOf(series),
  }
}

function createCounts(): Counts {
  return { answered: 0, unanswered: 0, ok: 0, statuses: new Map() }
}

function countStatus(counts: Counts | undefined, status: number): void {
  if (counts === undefined) return
  counts.answered += 1
  if (status >= 200 && status < 400) counts.ok += 1
  counts.statuses.set(status, (counts.statuses.get(status) ?? 0) + 1)
}

function errorsOf({ unanswered, statuses }: Counts): number {
  return [...statuses].reduce((sum, [status, count]) => sum + (isError(status) ? count : 0), unanswered)
}

function isError(status: number): boolean {
  return status >= 500
}

function describe(counts: Counts): PathCount {
  const { answered, unanswered, ok, statuses } = counts
  const byStatus = Object.fromEntries([...statuses].sort(([left], [right]) => left - right))
  return { total: answered + unanswered, answered, ok, errors: errorsOf(counts), byStatus }
}
