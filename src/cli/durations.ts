import { readHistory } from '../report/history-file.ts'
import { resultsBase } from '../run/results.ts'

/** How long scripts took, in milliseconds. */
export type Durations = ReadonlyMap<string, number>

/** How long each script took in the last run that had it, from the history beside the results. */
export async function readDurations(results?: string): Promise<Durations> {
  const known = new Map<string, number>()
  for (const { tests } of await readHistory(resultsBase(results))) {
    const took = new Map<string, number>()
    for (const [name, { milliseconds }] of Object.entries(tests)) {
      const script = name.slice(0, name.indexOf(': '))
      took.set(script, (took.get(script) ?? 0) + milliseconds)
    }
    for (const [script, milliseconds] of took) known.set(script, milliseconds)
  }
  return known
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
