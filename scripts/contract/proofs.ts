import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome } from '../../src/event.ts'
import { readEvents } from '../../src/report/read.ts'
import { requirements } from '../../src/report/requirements.ts'

/** Something that ran and says that it proves a row. */
export interface Shown {
  readonly id: string
  readonly outcome: Outcome
  /** Where it is to be found: a step, or a test. */
  readonly by: string
  readonly reason: string | undefined
}

/** What the last run in each mode has shown, and the last run of the project's own tests. */
export async function collectProofs(folder: string): Promise<readonly Shown[]> {
  const runs = await Promise.all((await lastRuns(folder)).map(readRun))
  return [...runs.flat(), ...(await readTests(join(folder, 'tests.json')))]
}

/** The newest folder of each system test in each mode: `2026-11-21T12-00-00-quick`. */
async function lastRuns(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) =>
    /^\d{4}-.*-(quick|full|ci)(-\d+)?$/.test(name),
  )
  const newest = new Map<string, string>()
  for (const name of names.sort()) {
    const path = join(folder, name)
    const program = await programOf(path)
    if (program !== undefined) newest.set(`${program} ${/-(quick|full|ci)/.exec(name)?.[1]}`, path)
  }
  return [...newest.values()]
}

/** Which system test it is a run of; undefined for a single script that was run by hand. */
async function programOf(path: string): Promise<string | undefined> {
  const file = join(path, 'events.ndjson')
  if ((await stat(file).catch(() => undefined)) === undefined) return undefined
  for await (const event of readEvents(file))
    if (event.kind === 'run:start') return event.scripts.length > 1 ? event.script : undefined
  return undefined
}

async function readRun(path: string): Promise<readonly Shown[]> {
  const events = await Array.fromAsync(readEvents(join(path, 'events.ndjson')))
  return [...requirements(events)].flatMap(([id, { steps, reason }]) =>
    steps.map(({ outcome, path: place, script }) => ({
      id,
      outcome,
      by: `${script}: ${place.at(-1) ?? ''}`,
      reason,
    })),
  )
}

interface Test {
  readonly ids: readonly string[]
  readonly test: string
  readonly outcome: Outcome
  readonly reason?: string
}

/** What the project's own tests have shown, from the file that scripts/test.mts leaves; nothing where there is none. */
export async function readTests(file: string): Promise<readonly Shown[]> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  const files = JSON.parse(text) as Readonly<Record<string, readonly Test[]>> // why: written by scripts/test.mts
  return Object.entries(files).flatMap(([name, tests]) =>
    tests.flatMap(({ ids, test, outcome, reason }) =>
      ids.map((id) => ({ id, outcome, by: `${name}: ${test}`, reason })),
    ),
  )
}
