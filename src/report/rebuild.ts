import type { Event } from '../event.ts'
import { createCtrf } from './ctrf.ts'
import { createJobSummary } from './job-summary.ts'
import { createJunit } from './junit.ts'
import { createMetricsFile } from './metrics.ts'
import type { FileReporter, Reporter } from './reporter.ts'

const FILES: Readonly<Record<string, () => FileReporter>> = {
  'junit.xml': createJunit,
  'ctrf.json': createCtrf,
  'metrics.prom': createMetricsFile,
  'summary.md': createJobSummary,
}

/** What else is made of the same events. */
export interface Rebuilding {
  /** A console that tells the run once more. */
  readonly telling?: Reporter | undefined
  /** Further files by name, those that need to know more than events. */
  readonly files?: Readonly<Record<string, FileReporter>>
}

/**
 * Every report of a run, by its file's name, from nothing but its events: the same whether they are heard while the run
 * goes on or read from its log afterwards.
 */
export async function rebuildReports(
  events: AsyncIterable<Event> | Iterable<Event>,
  { telling, files = {} }: Rebuilding = {},
): Promise<ReadonlyMap<string, string>> {
  const own = Object.entries(FILES).map(([name, create]) => [name, create()] as const)
  const reporters = [...own, ...Object.entries(files)]
  for await (const event of events) {
    for (const [, reporter] of reporters) reporter.hear(event)
    telling?.hear(event)
  }
  await telling?.finish()
  return new Map(
    await Promise.all(reporters.map(async ([name, reporter]) => [name, await reporter.text()] as const)),
  )
}
