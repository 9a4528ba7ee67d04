import { createAlarm } from './alarm.ts'
import { createClosedSchedule } from './closed-schedule.ts'
import { interleave } from './interleave.ts'
import { createOpenSchedule } from './open-schedule.ts'
import { limitsOf, type Plan } from './plan.ts'
import { abandonAll, closePool, createPool, hasRoom, type Pool, sendThrough, sweepPool } from './pool.ts'
import type { RenderedRequest } from './render.ts'
import type { Schedule } from './schedule.ts'
import type { Sent } from './sent.ts'
import {
  countAnswer,
  countFailure,
  countStart,
  createTally,
  progressOf,
  resultOf,
  type Tally,
} from './tally.ts'

/** A load under way. */
export interface Run {
  /** Resolves when nothing is left to be sent or waited for. */
  readonly ended: Promise<void>
  /** Ends it now: `ended` rejects with this. */
  stop(reason: unknown): void
  /** Resolves when every connection is gone. */
  close(): Promise<void>
  result(): Sent
}

interface Parts {
  readonly schedule: Schedule
  readonly tally: Tally
  readonly pool: Pool
  readonly nextRequest: () => RenderedRequest
}

const CONNECTIONS = 256
const PROGRESS_EVERY = 1000

/** Begins to send at once. */
export function beginRun(plan: Plan, requests: readonly RenderedRequest[]): Run {
  const startedAt = Date.now()
  const ended = Promise.withResolvers<void>()
  const alarm = createAlarm(pump)
  const parts = createParts(plan, requests, alarm.soon)
  const { schedule, tally, pool } = parts
  const look = createLook(plan, parts)
  const interval = setInterval(watch, Math.min(100, Math.max(1, pool.options.timeout / 10)))
  alarm.soon()

  function pump(): void {
    sendDue(parts)
    const now = performance.now()
    const wait = schedule.untilNext(now)
    if (schedule.isEmpty(now) && pool.busy === 0) end(ended.resolve)
    else if (Number.isFinite(wait)) alarm.after(wait)
  }

  function watch(): void {
    try {
      look(performance.now())
      alarm.soon()
    } catch (error) {
      stop(error)
    }
  }

  function end(settle: () => void): void {
    alarm.stop()
    clearInterval(interval)
    settle()
  }

  const stop = (reason: unknown) => end(() => ended.reject(reason))
  const result = () => resultOf(tally, schedule, startedAt)
  return { ended: ended.promise, stop, close: () => closePool(pool), result }
}

function createParts(plan: Plan, requests: readonly RenderedRequest[], changed: () => void): Parts {
  const { target, shape } = plan
  const { timeout } = limitsOf(plan)
  const start = performance.now()
  const tally = createTally(start, requests)
  const onDrop = (waited: number) => tally.latencies.record(waited)
  const schedule =
    shape.kind === 'open'
      ? createOpenSchedule({ ...shape, start, timeout, onDrop })
      : createClosedSchedule({ ...shape, start })
  const pool = createPool({
    ...{ target, timeout, changed, limit: shape.connections ?? CONNECTIONS },
    answered: (exchange, status, now) => countAnswer(tally, exchange, { status, now }),
    failed(exchange, why, now) {
      countFailure(tally, exchange, { ...why, now })
      if (!exchange.isWritten) schedule.refused(now)
    },
  })
  return { schedule, tally, pool, nextRequest: interleave(requests) }
}

function sendDue({ schedule, tally, pool, nextRequest }: Parts): void {
  schedule.notice(performance.now())
  while (hasRoom(pool)) {
    const now = performance.now()
    const intended = schedule.take(now)
    if (intended === undefined) return
    countStart(tally, now)
    sendThrough(pool, { request: nextRequest(), intended, isWritten: false })
  }
}

/** What is to be done now and then: end what takes too long, give up when the patience is used up, report progress. */
function createLook(plan: Plan, { schedule, tally, pool }: Parts): (now: number) => void {
  const { patience } = limitsOf(plan)
  let overSince: number | undefined
  let nextProgress = performance.now() + PROGRESS_EVERY
  return (now) => {
    sweepPool(pool, now)
    if (schedule.isOver(now)) overSince ??= now
    if (overSince !== undefined && now - overSince >= patience) {
      schedule.giveUp(now)
      abandonAll(pool, { cause: 'abandoned', detail: `no full answer within ${patience} ms after the end` })
    }
    if (now < nextProgress) return
    nextProgress = now + PROGRESS_EVERY
    plan.onProgress?.(progressOf(tally))
  }
}
