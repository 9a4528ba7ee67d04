import { LATE, type Schedule } from './schedule.ts'

/** Requests at a constant rate from `start` on. */
export interface OpenScheduleOptions {
  readonly start: number
  readonly perSecond: number
  readonly milliseconds: number
  /** How long a request may wait for a connection before it is dropped. */
  readonly timeout: number
  /** Is told of each request that is dropped how long it waited, in milliseconds. */
  readonly onDrop: (waited: number) => void
}

/**
 * Evenly spaced times, the first at `start`, as many as lie before its end: for 100/s and 1 s exactly 100. A request
 * that finds no free connection keeps its intended time, so that the wait is part of its latency.
 */
export function createOpenSchedule({
  start,
  perSecond,
  milliseconds,
  timeout,
  onDrop,
}: OpenScheduleOptions): Schedule {
  const interval = 1000 / perSecond
  const count = Math.ceil((milliseconds * perSecond) / 1000 - 1e-6)
  let next = 0
  let noticed = 0
  let late = 0
  let dropped = 0

  const intended = (index: number) => start + index * interval
  /** How many requests are due at this time. */
  const dueBy = (time: number) =>
    Math.max(0, Math.min(count, Math.floor((time - start) / interval + 1e-9) + 1))

  function dropUpTo(end: number, now: number): void {
    for (; next < end; next += 1) {
      dropped += 1
      onDrop(now - intended(next))
    }
  }

  function notice(now: number): void {
    late += Math.max(0, dueBy(now - LATE) - noticed)
    noticed = Math.max(noticed, dueBy(now))
    dropUpTo(dueBy(now - timeout), now)
  }

  function take(now: number): number | undefined {
    if (next >= dueBy(now)) return undefined
    next += 1
    return intended(next - 1)
  }

  return {
    ...{ notice, take, planned: milliseconds },
    untilNext: (now) => (noticed < count ? Math.max(0, intended(noticed) - now) : Number.POSITIVE_INFINITY),
    isOver: (now) => now >= intended(count),
    isEmpty: () => next >= count,
    giveUp: (now) => dropUpTo(count, now),
    refused() {}, // an open loop does not ask how the last request fared
    get late() {
      return late
    },
    get dropped() {
      return dropped
    },
  }
}
