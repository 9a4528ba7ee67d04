import { createHash } from 'node:crypto'
import { formatDuration } from '../duration.ts'
import { Failure } from '../error.ts'
import type { Assertion, Patience } from '../expect/assertion.ts'
import { own, type Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { type Command, connect } from './connection.ts'
import { scan } from './look.ts'
import type { Source } from './target.ts'

/** What can be claimed about the keys that were written since a moment. */
export interface RefreshMatchers {
  /** Every key that was written since then expires later than it did before, or anew; and at least one was written. */
  toBeRefreshed(patience?: Patience): Promise<void>
}

/** The keys that were written since a moment: new ones, and those that hold something else now. Sorted. */
export interface Refreshed extends Reading<readonly string[], RefreshMatchers> {}

/** What a key held, and when it would expire: in milliseconds since 1970, -1 for never. */
interface State {
  readonly held: string
  readonly deadline: number
}

interface Written {
  readonly key: string
  readonly before: number | undefined
  readonly deadline: number
}

/** Remembers what every key under the pattern holds now; the reading compares with that. */
export async function createRefreshed(source: Source, pattern: string): Promise<Refreshed> {
  const then = await readStates(source, pattern)
  const describe = `${pattern} in ${source.name}`
  const sensed = { kind: 'written', name: `keys ${describe}`, since: then } as const
  const read = async (signal?: AbortSignal) =>
    writtenSince(then, await sense(sensed, () => readStates(source, pattern, signal)))
  return {
    describe: `keys ${describe} written since then`,
    about: source.about,
    async read(signal) {
      return (await read(signal)).map(({ key }) => key)
    },
    [own]: (assertion: Assertion): RefreshMatchers => ({
      toBeRefreshed: (patience) =>
        assertion.claim(
          {
            what: describe,
            matcher: 'toBeRefreshed',
            expected: 'every key that was written to expire later than before',
            phrasing: { failed: 'keys were written and not refreshed', looked: lookAt, seen: see },
            about: source.about,
            read,
            judge: (written) => ({ met: written.length > 0 && written.every(isRefreshed) }),
          },
          patience,
        ),
    }),
  }
}

function isRefreshed({ before, deadline }: Written): boolean {
  return deadline > 0 && deadline > (before ?? 0)
}

async function readStates(
  source: Source,
  pattern: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, State>> {
  const connection = await connect(source.target())
  const keys = (await scan(connection, pattern, { signal })).keys.toSorted()
  // Value and deadline of a key are read side by side, the value first: whoever writes both is seen as refreshed at last.
  const commands = keys.flatMap((key): readonly Command[] => [
    ['DUMP', key],
    ['PEXPIRETIME', key],
  ])
  const replies = commands.length === 0 ? [] : await connection.ask(commands, { signal, bytes: true })
  const states = new Map<string, State>()
  for (const [index, key] of keys.entries()) {
    const [dump, deadline] = [replies[2 * index], replies[2 * index + 1]]
    if (dump instanceof Error || typeof deadline !== 'number') {
      throw new Failure(
        `Redis refused to tell about ${key}: ${dump instanceof Error ? dump.message : String(deadline)}`,
      )
    }
    if (!Buffer.isBuffer(dump) || deadline === -2) continue // gone since the scan
    states.set(key, { held: createHash('sha1').update(dump).digest('hex'), deadline })
  }
  return states
}

function writtenSince(then: ReadonlyMap<string, State>, now: ReadonlyMap<string, State>): readonly Written[] {
  return [...now].flatMap(([key, { held, deadline }]) => {
    const before = then.get(key)
    return before?.held === held ? [] : [{ key, before: before?.deadline, deadline }]
  })
}

function lookAt(written: unknown): string {
  const list = listOf(written)
  return `${list.length - list.filter(isRefreshed).length} of ${list.length} not refreshed`
}

function see(written: unknown): string {
  const list = listOf(written)
  if (list.length === 0) return 'no key was written since then'
  const stale = list.filter((one) => !isRefreshed(one))
  const lines = stale.slice(0, 5).map(describeStale)
  const more = stale.length > 5 ? [`and ${stale.length - 5} more`] : []
  return [`${stale.length} of ${list.length} written keys not refreshed`, ...lines, ...more].join('\n')
}

function describeStale({ key, before, deadline }: Written): string {
  if (deadline === -1) return `${key}: no TTL`
  if (before === deadline) return `${key}: its deadline did not move`
  return `${key}: expires ${formatDuration((before ?? 0) - deadline)} earlier than before`
}

function listOf(value: unknown): readonly Written[] {
  return Array.isArray(value) ? value : []
}
