import { createHash } from 'node:crypto'
import { UsageError } from '../error.ts'

/** One of several parts of a run that are run apart, on machines that know nothing of each other. */
export interface Shard {
  /** From 1 on. */
  readonly index: number
  readonly total: number
}

/** Which part of which division a run was, as its log says: shards belong together when their plans are the same. */
export interface ShardRecord extends Shard {
  readonly plan: string
}

/** Reads `2/3`; throws a UsageError for what is none. */
export function readShard(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined
  const [, index, total] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text)?.map(Number) ?? []
  if (index !== undefined && total !== undefined && index <= total) return { index, total }
  throw new UsageError(`--shard ${text}`, { expected: 'a part of the whole, from 1/3 to 3/3' })
}

/**
 * Divides scripts into so many parts that take about equally long: the longest first, each to the part that has the least.
 * The same scripts and lengths give the same parts, in whatever order they come; every script is in exactly one, and none is
 * empty. Throws a UsageError where there are fewer scripts than parts.
 */
export function divide(
  scripts: readonly string[],
  total: number,
  lengthOf: (script: string) => number,
): readonly (readonly string[])[] {
  if (scripts.length < total)
    throw new UsageError(`${scripts.length} scripts cannot be divided into ${total} shards`, {
      hint: `at most --shard 1/${Math.max(scripts.length, 1)}`,
    })
  const parts = Array.from({ length: total }, (): { scripts: string[]; length: number } => ({
    scripts: [],
    length: 0,
  }))
  const named = scripts.toSorted((one, other) => (one < other ? -1 : 1))
  for (const script of named.toSorted((one, other) => lengthOf(other) - lengthOf(one))) {
    const [least] = parts.toSorted(
      (one, other) => one.length - other.length || one.scripts.length - other.scripts.length,
    )
    least?.scripts.push(script)
    if (least !== undefined) least.length += lengthOf(script)
  }
  return parts.map((part) => part.scripts)
}

/** A short name for a division: another one as soon as one script is in another part. */
export function nameDivision(parts: readonly (readonly string[])[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)
}
