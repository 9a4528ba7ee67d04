/** Decides when the next request is due; all times are milliseconds of the same clock, given by the caller. */
export interface Schedule {
  /** To be called whenever time has passed: counts what became due too late and drops what waited too long. */
  notice(now: number): void
  /** The intended send time of the next request if one may be sent now; it is then gone from the schedule. */
  take(now: number): number | undefined
  /** Milliseconds until something becomes due by the clock, Infinity when nothing will. */
  untilNext(now: number): number
  /** Whether nothing more will become due. */
  isOver(now: number): boolean
  /** Whether moreover nothing that was due is still waiting for a connection. */
  isEmpty(now: number): boolean
  /** Nothing more is to be sent: what is still waiting is dropped. */
  giveUp(now: number): void
  /** A request failed before it could be written. */
  refused(now: number): void
  /** How many became due while this process was busy with something else, for longer than LATE. */
  readonly late: number
  /** How many were due and never sent, as every connection was busy until their timeout or until the end. */
  readonly dropped: number
  /** The length of the run in milliseconds, as far as it is known before it ends: 0 when it ends by number. */
  readonly planned: number
}

/** How many milliseconds later than intended a request may be noticed before it is late: timers are good for 1 or 2. */
export const LATE = 10
