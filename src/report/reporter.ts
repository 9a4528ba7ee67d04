import type { Event } from '../event.ts'

/** Tells a run while it happens. */
export interface Reporter {
  hear(event: Event): void
  /** Says what is left to say; also for a run whose end was never heard. */
  finish(): Promise<void>
}
