import { UsageError } from '../error.ts'
import { wishesOf } from './common-flags.ts'
import { lengthsOf, longestFirst, readDurations, readDurationsFile } from './durations.ts'
import { findScripts } from './find-scripts.ts'
import type { Given } from './flags.ts'
import { type LastFailed, readLastFailed } from './last-failed.ts'
import type { Seen } from './listing.ts'
import { narrowScripts } from './scan/scripts.ts'
import { divide, nameDivision, readShard, type ShardRecord } from './shard.ts'

/** What a run is made of: its scripts in the order in which they start, and of some of them only these scenarios. */
export interface ScriptPlan {
  readonly scripts: readonly string[]
  /** Titles by script. A script that is not here runs with all that it has. */
  readonly titles?: Readonly<Record<string, readonly string[]>>
  readonly shard?: ShardRecord | undefined
  /** The scenarios of scripts that the selection leaves out. */
  readonly left?: readonly Seen[]
}

/** Plans a run as its words and flags say; nothing is started. No scripts where nothing is left to run. Throws a UsageError for words that name none. */
export async function planScripts(given: Given): Promise<ScriptPlan> {
  const results = given.value('results')
  return planAmong(given.words, given, given.has('last-failed') ? await readLastFailed(results) : undefined)
}

/** Plans to run again what has failed there, among the scripts that the words name. */
export async function planAmong(
  named: readonly string[],
  given: Given,
  failed: LastFailed | undefined,
): Promise<ScriptPlan> {
  if (failed !== undefined && failed.scripts.length === 0) {
    process.stdout.write(`nothing failed in ${failed.run}: nothing to run again\n`)
    return { scripts: [] }
  }
  const words = named.length === 0 && failed !== undefined ? failed.scripts : named
  Object.assign(process.env, wishesOf(given))
  const isNarrowed = given.has('tag') || given.has('only')
  const all = findScripts(words)
  const { scripts: found, left } = isNarrowed ? narrowScripts(all) : { scripts: all, left: [] }
  const scripts = failed === undefined ? found : found.filter((script) => failed.scripts.includes(script))
  const part = await partOf(scripts, given)
  const ordered = longestFirst(part.scripts, await readDurations(given.value('results')))
  return { ...part, left, scripts: ordered, ...(failed === undefined ? {} : { titles: failed.titles }) }
}

/**
 * With `--shard` only its part, by the lengths of a file that all machines have: what this one has measured itself says
 * nothing about how the others divide.
 */
async function partOf(scripts: readonly string[], given: Given): Promise<ScriptPlan> {
  const [shard, file] = [readShard(given.value('shard')), given.value('durations')]
  if (shard === undefined) {
    if (file === undefined) return { scripts }
    throw new UsageError('--durations is for --shard', { hint: 'give both, or none' })
  }
  const durations = file === undefined ? new Map<string, number>() : await readDurationsFile(file)
  const parts = divide(scripts, shard.total, lengthsOf(scripts, durations))
  return { scripts: parts[shard.index - 1] ?? [], shard: { ...shard, plan: nameDivision(parts) } }
}
