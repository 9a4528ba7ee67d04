import type { Event } from '../event.ts'
import { createEvidence, type Evidence } from './evidence.ts'
import type { RunResult } from './result.ts'
import { createSummary } from './summary.ts'

/** A run as the reports of it need it, folded once for all of them. */
export interface Told {
  readonly result: RunResult
  readonly evidence: Pick<Evidence, 'linesOf'>
}

/** Begins with an empty run; up to date at every look. */
export function createTold(): Told & { hear(event: Event): void } {
  const { hear, result } = createSummary()
  const evidence = createEvidence()
  return {
    hear(event) {
      hear(event)
      evidence.hear(event)
    },
    result,
    evidence,
  }
}

/** The whole run at once. */
export function tell(events: Iterable<Event>): Told {
  const told = createTold()
  for (const event of events) told.hear(event)
  return told
}
