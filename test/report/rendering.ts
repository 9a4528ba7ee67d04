import type { Event } from '../../src/event.ts'
import { createAgent } from '../../src/report/agent.ts'
import { type ConsoleOptions, createConsole } from '../../src/report/console.ts'
import { createDots } from '../../src/report/dot.ts'
import { readEvents } from '../../src/report/read.ts'
import { rebuildReports } from '../../src/report/rebuild.ts'
import type { Reporter } from '../../src/report/reporter.ts'
import type { Screen } from '../../src/report/screen.ts'

/** The logs in `fixtures/events/`. */
export const LOGS = ['passing', 'failing', 'interrupted', 'abrupt', 'parallel', 'hostile'] as const

/** The ways in which each of them is told, as the golden files have them. */
export const WAYS: Readonly<Record<string, ConsoleOptions & Partial<Screen>>> = {
  pipe: { style: 'pipe', verbose: false, github: false },
  color: { style: 'pipe', verbose: false, github: false, colors: true },
  ascii: { style: 'pipe', verbose: false, github: false, unicode: false, columns: 80 },
  ci: { style: 'ci', verbose: false, github: false, colors: true },
  github: { style: 'ci', verbose: false, github: true, token: 'token' },
  verbose: { style: 'pipe', verbose: true, github: false },
}

/** The events of a log in `fixtures/events/`. */
export async function eventsOf(log: string): Promise<readonly Event[]> {
  return Array.fromAsync(readEvents(new URL(`../../fixtures/events/${log}.ndjson`, import.meta.url).pathname))
}

/** A screen that keeps what is written to it. */
export function createPaper(given: Partial<Screen> = {}): Screen & { text(): string } {
  let text = ''
  const screen = { isTTY: false, columns: 100, rows: 40, colors: false, unicode: true, ...given }
  return {
    ...screen,
    write(more) {
      text += more
    },
    text: () => text,
  }
}

/** What a console says about these events. */
export async function tell(events: Iterable<Event>, way: ConsoleOptions & Partial<Screen>): Promise<string> {
  const { columns = 100, colors = false, unicode = true, isTTY = false } = way
  const paper = createPaper({ columns, colors, unicode, isTTY })
  const reporter = createConsole(paper, way)
  for (const event of events) reporter.hear(event)
  await reporter.finish()
  return paper.text()
}

/** What another reporter says about these events. */
export async function tellWith(
  create: (screen: Screen) => Reporter,
  events: Iterable<Event>,
  given: Partial<Screen> = {},
): Promise<string> {
  const paper = createPaper(given)
  const reporter = create(paper)
  for (const event of events) reporter.hear(event)
  await reporter.finish()
  return paper.text()
}

/** Every text that is made from a log, by the end of its golden file's name. */
export async function renderAll(log: string): Promise<ReadonlyMap<string, string>> {
  const events = await eventsOf(log)
  const consoles = await Promise.all(
    Object.entries(WAYS).map(async ([name, way]) => [`${name}.txt`, await tell(events, way)] as const),
  )
  const short = [
    ['agent.txt', await tellWith(createAgent, events)],
    ['dot.txt', await tellWith(createDots, events)],
  ] as const
  // As plain text: what was written by a program is not to be formatted by another one.
  const files = [...(await rebuildReports(events))].map(([name, text]) => [`${name}.txt`, text] as const)
  return new Map([...consoles, ...short, ...files])
}
