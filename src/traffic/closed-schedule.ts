import type { Schedule } from './schedule.ts'

/** An end by time, by number, or by whichever comes first. */
export interface ClosedScheduleOptions {
  readonly start: number
  readonly milliseconds?: number | undefined
  readonly requests?: number | undefined
}

const LONGEST_PAUSE = 250

/**
 * A request is due whenever a connection is free. While nobody listens, all connections pause, up to 250 ms:
 * otherwise a server that restarts would be met by a storm of refused connections that measures this machine.
 */
export function createClosedSchedule(options: ClosedScheduleOptions): Schedule {
  const { start, milliseconds = Number.POSITIVE_INFINITY, requests = Number.POSITIVE_INFINITY } = options
  const end = start + milliseconds
  let taken = 0
  let isGivenUp = false
  let pause = 0
  let pausedUntil = start

  const isOver = (now: number) => isGivenUp || taken >= requests || now >= end

  function take(now: number): number | undefined {
    if (isOver(now) || now < pausedUntil) return undefined
    taken += 1
    return now
  }

  function refused(now: number): void {
    if (now < pausedUntil) return
    const isInARow = now - pausedUntil <= LONGEST_PAUSE
    pause = isInARow ? Math.min(LONGEST_PAUSE, Math.max(1, pause * 2)) : 1
    pausedUntil = now + pause
  }

  return {
    notice() {}, // nothing is due at a time of its own, so nothing can be late or dropped
    ...{ take, refused, isOver, isEmpty: isOver, late: 0, dropped: 0 },
    untilNext: (now) => (now < pausedUntil ? pausedUntil - now : Number.POSITIVE_INFINITY),
    giveUp() {
      isGivenUp = true
    },
    get planned() {
      return taken >= requests || milliseconds === Number.POSITIVE_INFINITY ? 0 : milliseconds
    },
  }
}
