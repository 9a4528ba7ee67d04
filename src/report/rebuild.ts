import type { Event } from '../event.ts'
import { renderCtrf } from './ctrf.ts'
import { renderJobSummary } from './job-summary.ts'
import { renderJunit } from './junit.ts'
import { renderMetrics } from './metrics.ts'
import { createTold, type Told } from './told.ts'

/** Makes the text of one file of a run, when all of its events were told. */
type Render = (told: Told) => string | Promise<string>

const FILES: Readonly<Record<string, Render>> = {
  'junit.xml': renderJunit,
  'ctrf.json': renderCtrf,
  'metrics.prom': renderMetrics,
  'summary.md': renderJobSummary,
}

/** A file of a run that needs to see every event, like its page. */
export interface FileReporter {
  hear(event: Event): void
  readonly text: Render
}

/**
 * Every report of a run, by its file's name, from nothing but its events: the same whether they are heard while the run
 * goes on or read from its log afterwards.
 */
export async function rebuildReports(
  events: AsyncIterable<Event> | Iterable<Event>,
  files: Readonly<Record<string, FileReporter>> = {},
): Promise<ReadonlyMap<string, string>> {
  const told = createTold()
  const reporters = Object.values(files)
  for await (const event of events) {
    told.hear(event)
    for (const reporter of reporters) reporter.hear(event)
  }
  const renders = Object.entries(FILES).concat(Object.entries(files).map(([name, { text }]) => [name, text]))
  return new Map(
    await Promise.all(renders.map(async ([name, render]) => [name, await render(told)] as const)),
  )
}
