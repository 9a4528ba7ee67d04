import { join } from 'node:path'
import type { Event } from '../event.ts'
import { readEvents } from '../report/read.ts'
import { findRun } from './find-run.ts'

/** What of a run has to be run again. */
export interface LastFailed {
  /** The folder of that run. */
  readonly run: string
  readonly scripts: readonly string[]
  /** The scenarios that failed, by script; of a script that failed otherwise, or never began, everything. */
  readonly titles: Readonly<Record<string, readonly string[]>>
  /** The name of its mode. */
  readonly mode: string
}

/** What failed in a run, or did not come to its end; the latest where none is named. Throws a UsageError where there is none. */
export async function readLastFailed(results?: string, word?: string): Promise<LastFailed> {
  const run = findRun(word, results)
  const fold = createFold()
  for await (const event of readEvents(join(run, 'events.ndjson'))) fold.hear(event)
  return { run, ...fold.result() }
}

interface Known {
  /** Titles that failed or are under way. */
  readonly titles: Set<string>
  /** It began, and ended well as a whole. */
  passed: boolean
  /** What failed belongs to no scenario. */
  whole: boolean
}

function createFold() {
  const scripts = new Map<string, Known>()
  // A script that is run by hand is told only by what it tells itself.
  let planned: readonly string[] = []
  let isByHand = true
  let exit: number | undefined
  let mode = ''
  const knownOf = (file: string) => {
    const known = scripts.get(file) ?? { titles: new Set(), passed: false, whole: false }
    scripts.set(file, known)
    return known
  }
  function hear(event: Event): void {
    if (event.kind === 'run:start') {
      mode = String(event.mode['name'] ?? '')
      planned = event.scripts
    }
    if (event.kind === 'script:start') isByHand = false
    if (event.kind === 'run:end') exit = event.exit
    if (event.kind === 'scenario:start') knownOf(event.script).titles.add(event.title)
    if (event.kind === 'scenario:end' && (event.outcome === 'passed' || event.outcome === 'skipped'))
      knownOf(event.script).titles.delete(event.title)
    if (event.kind === 'script:end')
      knownOf(event.file).passed = event.outcome === 'passed' || event.outcome === 'skipped'
    if ((event.kind === 'teardown:error' || event.kind === 'leak') && event.script !== '')
      knownOf(event.script).whole = true
  }
  function result() {
    if (!isByHand || scripts.size === 0) for (const file of planned) knownOf(file)
    const failed = [...scripts].filter(
      ([, { titles, passed, whole }]) => titles.size > 0 || whole || (!passed && !isByHand),
    )
    // A run that is red for a reason of its own, a skip that was not allowed: all of it.
    const again = exit === 0 ? [] : failed.length === 0 ? [...scripts] : failed
    const some = again.filter(([, { titles, whole }]) => titles.size > 0 && !whole)
    return {
      mode,
      scripts: again.map(([file]) => file),
      titles: Object.fromEntries(some.map(([file, { titles }]) => [file, [...titles]])),
    }
  }
  return { hear, result }
}
