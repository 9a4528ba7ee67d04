import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { toError, UsageError } from '../error.ts'
import type { HistoryEntry } from '../report/history.ts'
import { readHistory } from '../report/history-file.ts'
import { resultsBase } from '../run/results.ts'

/** How long scripts took, in milliseconds. */
export type Durations = ReadonlyMap<string, number>

/** How long each script took in the last run that had it, from the history beside the results. */
export async function readDurations(results?: string): Promise<Durations> {
  const known = new Map<string, number>()
  for (const entry of await readHistory(resultsBase(results)))
    for (const [script, milliseconds] of durationsIn(entry)) known.set(script, milliseconds)
  return known
}

function durationsIn({ tests }: HistoryEntry): Durations {
  const took = new Map<string, number>()
  for (const [name, { milliseconds }] of Object.entries(tests)) {
    const script = name.slice(0, name.indexOf(': '))
    took.set(script, (took.get(script) ?? 0) + milliseconds)
  }
  return took
}

/** What `writeDurations` has written; throws a UsageError for a file that is not there, or something else. */
export async function readDurationsFile(file: string): Promise<Durations> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw refuse(file, toError(thrown).message)
  })
  try {
    const value: unknown = JSON.parse(text)
    const entries = Object.entries(Object(value))
    if (entries.every(([, number]) => Number.isFinite(number)))
      return new Map(entries.map(([name, took]) => [name, Number(took)]))
  } catch {
    // No JSON: the refusal below says what it should be.
  }
  throw refuse(file, text.slice(0, 60))
}

/** Writes down how long the scripts of a run took, as JSON; what the file knows of others stays in it. */
export async function writeDurations(file: string, run: string): Promise<void> {
  const history = await readHistory(dirname(run))
  const own = history.findLast((entry) => basename(entry.run) === basename(run)) ?? history.at(-1)
  const known = existsSync(file) ? await readDurationsFile(file) : []
  const all = [...new Map([...known, ...(own === undefined ? [] : durationsIn(own))])]
  const sorted = all.filter(([script]) => script !== '').sort(([one], [other]) => (one < other ? -1 : 1))
  await writeFile(file, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`)
}

function refuse(file: string, last: string): UsageError {
  return new UsageError(`${file} has no durations`, {
    expected: 'JSON, milliseconds by script: { "e2e/login.mts": 1200 }',
    last,
    hint: `shakedown merge … --durations ${file} writes it`,
  })
}

/** What took longest comes first; one of which nothing is known counts as the mean of the others. Equals stay in their order. */
export function longestFirst(scripts: readonly string[], durations: Durations): readonly string[] {
  const lengthOf = lengthsOf(scripts, durations)
  return scripts.toSorted((one, other) => lengthOf(other) - lengthOf(one))
}

/** How long a script is thought to take: as it is known, else the mean of those that are, else the same for all. */
export function lengthsOf(scripts: readonly string[], durations: Durations): (script: string) => number {
  const known = scripts.flatMap((script) => durations.get(script) ?? [])
  const mean = known.length === 0 ? 1 : known.reduce((sum, one) => sum + one, 0) / known.length
  return (script) => durations.get(script) ?? mean
}
