import { cpSync, createReadStream, createWriteStream, existsSync, globSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { UsageError } from '../error.ts'
import type { Event, EventOf } from '../event.ts'
import { parseEvent, readEvents } from '../report/read.ts'
import { EXIT, weightOfExit } from '../run/exit.ts'
import { openResults } from '../run/results.ts'

/** A run that becomes a part of a merged one. */
interface Part {
  readonly folder: string
  readonly start: EventOf<'run:start'>
  /** Undefined for a run that was killed. */
  readonly exit: number | undefined
}

/** Several runs as one. */
export interface Merged {
  readonly folder: string
  /** The weightiest of theirs. */
  readonly exit: number
}

const LOG = 'events.ndjson'

/**
 * Makes one run of several, from their folders or from folders that have them somewhere below: their logs one after the
 * other, and what was kept of them. Shards must be of one division; one that never told anything fails the whole. Throws a
 * UsageError for what does not belong together.
 */
export async function mergeRuns(words: readonly string[], results?: string): Promise<Merged> {
  const parts = await Promise.all(findLogs(words).map(readPart))
  const missing = checkShards(parts)
  const merged = openResults('merged', { base: results, onBroken: refuseBroken })
  const ordered = parts.toSorted((one, other) => orderOf(one) - orderOf(other))
  const log = createWriteStream(join(merged.folder, LOG), { flags: 'a' })
  for (const part of ordered) await copyLog(part, merged.folder, log)
  await new Promise((resolve) => log.end(resolve))
  for (const event of tellMissing(missing, parts)) merged.append(event)
  merged.close()
  for (const { folder } of ordered)
    for (const kept of ['logs', 'evidence'])
      if (existsSync(join(folder, kept)))
        cpSync(join(folder, kept), join(merged.folder, kept), { recursive: true })
  const exits = [
    ...parts.map(({ exit }) => exit ?? EXIT.failed),
    ...(missing.length > 0 ? [EXIT.preflight] : []),
  ]
  const exit = exits.reduce((worst, one) => (weightOfExit(one) < weightOfExit(worst) ? one : worst))
  return { folder: merged.folder, exit }
}

/** Every log once, also where `latest` is a second way to it. */
function findLogs(words: readonly string[]): readonly string[] {
  if (words.length === 0)
    throw new UsageError('nothing to merge', { hint: 'name folders of runs: shakedown merge shards/*' })
  const found = words.flatMap((word) => {
    if (existsSync(join(word, LOG))) return [word]
    if (basename(word) === LOG && existsSync(word)) return [dirname(word)]
    const below = existsSync(word) ? globSync(`**/${LOG}`, { cwd: word }) : []
    if (below.length === 0)
      throw new UsageError(`there is no run in ${word}`, { hint: `a run's folder has ${LOG} in it` })
    return below.map((file) => join(word, dirname(file)))
  })
  return [...new Set(found.map((folder) => realpathSync(folder)))].sort()
}

async function readPart(folder: string): Promise<Part> {
  let start: Part['start'] | undefined
  let exit: number | undefined
  for await (const event of readEvents(join(folder, LOG))) {
    if (event.kind === 'run:start') start ??= event
    if (event.kind === 'run:end') exit = event.exit
  }
  if (start === undefined) throw new UsageError(`${join(folder, LOG)} does not say what was run`)
  return { folder, start, exit }
}

/** Gives the shards of which there is no log. */
function checkShards(parts: readonly Part[]): readonly number[] {
  const shards = parts.flatMap(({ start }) => start.shard ?? [])
  const [first] = shards
  if (first === undefined) return []
  const other = parts.find(({ start }) => start.shard?.plan !== first.plan)
  if (other !== undefined)
    throw new UsageError(`${relative('', other.folder)} is not a shard of the same division`, {
      hint: 'all shards need the same scripts, flags and --durations',
    })
  for (const { index } of shards) {
    const [one, twice] = parts.filter(({ start }) => start.shard?.index === index)
    if (one !== undefined && twice !== undefined)
      throw new UsageError(`shard ${index}/${first.total} is there twice`, {
        last: `${relative('', one.folder)} and ${relative('', twice.folder)}`,
        hint: 'leave one out',
      })
  }
  const all = Array.from({ length: first.total }, (_, index) => index + 1)
  return all.filter((index) => !shards.some((shard) => shard.index === index))
}

function orderOf({ start }: Part): number {
  return start.shard?.index ?? start.time
}

/** The log as it is, but for the folders in it, which are now those of the merged run. */
async function copyLog({ folder }: Part, merged: string, log: NodeJS.WritableStream): Promise<void> {
  for await (const line of createInterface({ input: createReadStream(join(folder, LOG), 'utf8') })) {
    const text = /"kind":"(run:start|evidence)"/.test(line) ? moveFolders(line, merged) : line
    if (!log.write(`${text}\n`)) await new Promise((resolve) => log.once('drain', resolve))
  }
}

function moveFolders(line: string, merged: string): string {
  const event = parseEvent(line)
  if (event?.kind === 'run:start') return JSON.stringify({ ...event, run: merged, results: merged })
  if (event?.kind !== 'evidence') return line
  const [, below = ''] = /[\\/]evidence[\\/](.*)$/.exec(event.folder) ?? []
  return JSON.stringify({ ...event, folder: relative('', join(merged, 'evidence', below)) })
}

/** A part of the log for shards that have none: so that every report shows that they are missing. */
function tellMissing(missing: readonly number[], [part]: readonly Part[]): readonly Event[] {
  if (part === undefined || missing.length === 0) return []
  const stamp = { time: Date.now(), script: '' }
  const errors = missing.map((index) => {
    const title = `shard ${index}/${part.start.shard?.total} never told anything`
    const error = {
      code: 'preflight',
      title,
      message: `${title}\n  hint      look at the log of its machine`,
    } as const
    return { ...stamp, kind: 'teardown:error', what: 'the run', error } as const
  })
  const causes = errors.map(({ error }) => `preflight: ${error.title}`)
  return [
    { ...part.start, ...stamp, scripts: [] },
    ...errors,
    { ...stamp, kind: 'run:end', exit: EXIT.preflight, causes, seconds: 0 },
  ]
}

function refuseBroken(error: Error): never {
  throw error
}
