import type { Event } from '../event.ts'
import { createRunDraft } from './fold/draft.ts'
import { foldRun } from './fold/run.ts'
import { createServiceFold } from './fold/services.ts'
import { createStoryFold } from './fold/stories.ts'
import type { RunResult } from './result.ts'

/** The fold that the reports share: a run as it looks after the events that were heard so far. */
export interface Summary {
  hear(event: Event): void
  /** The same object at every look, and up to date. */
  readonly result: RunResult
}

/** Begins with an empty run. Holds results, not events: it does not grow with logs, looks and requests. */
export function createSummary(): Summary {
  const run = createRunDraft()
  const foldStories = createStoryFold(run)
  const foldServices = createServiceFold(run)
  return {
    hear(event) {
      foldRun(run, event)
      foldStories(event)
      foldServices(event)
    },
    result: run,
  }
}

/** The whole fold at once. */
export function summarize(events: Iterable<Event>): RunResult {
  const summary = createSummary()
  for (const event of events) summary.hear(event)
  return summary.result
}
