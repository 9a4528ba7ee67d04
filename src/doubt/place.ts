import type { CallSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { type Event, listen } from '../event.ts'

/** Where in its script something was looked at: the same in every run of it. */
export interface Place {
  readonly story: string
  readonly step: string
  /** `file:line`, and the column, because two claims may stand in a line. */
  readonly at: string
  readonly column: number
}

const titles = new Map<string, string>()

/** Learns the titles of scenarios and steps: their ids are counted, and differ where a run leaves some out. */
export function learnTitles(): void {
  listen((event: Event) => {
    if (event.kind === 'scenario:start' || event.kind === 'step:start') titles.set(event.id, event.title)
  })
}

/** The place of a line of the script in the scenario that is running. */
export function placeOf(at: CallSite): Place {
  const { scenario = '', step } = currentContext() ?? {}
  return {
    story: titles.get(scenario) ?? '',
    step: step === undefined ? '' : (titles.get(step) ?? ''),
    at: at.toString(),
    column: at.column,
  }
}

/** A name without what differs from run to run: ports, pids, ids, and the number of a second service of one name. */
export function nameAlike(name: string): string {
  return name.replaceAll(/-\d+\b/g, '').replaceAll(/\d{3,}|\b(?=[a-z]*\d)[0-9a-f]{6,}\b/g, '#')
}

/** The same text for the same place. */
export function keyOf({ story, step, at, column }: Place): string {
  return JSON.stringify([story, step, at, column])
}
