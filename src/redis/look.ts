import type { Look } from './book.ts'
import type { AskOptions, Command, Connection } from './connection.ts'
import type { Events } from './events.ts'
import { readInfo, readNumber, readScan, readTime } from './reply.ts'

/** How often commands were called since the server began, as it counts them itself. */
export type Calls = ReadonlyMap<string, number>

/** Everything that a look needs. `takeHeard` says, once, how many events had been heard when a mark arrived. */
export interface Looking {
  readonly connection: Connection
  readonly events: Events | undefined
  takeHeard(mark: string): number
}

/** What a look saw, and the calls until then where the server may be asked for them. */
export interface Looked {
  readonly look: Omit<Look, 'swept'>
  readonly calls: Calls
}

const KEYS_A_SCAN = 1000
let marks = 0

/** The keys that match, each once, in no order, and how many rounds it took. A key that is there all the time is never missed. */
export async function scan(
  { ask }: Connection,
  pattern: string,
  options?: AskOptions,
): Promise<{ readonly keys: readonly string[]; readonly rounds: number }> {
  const found = new Set<string>()
  let cursor = '0'
  let rounds = 0
  do {
    const [reply] = await ask([['SCAN', cursor, 'MATCH', pattern, 'COUNT', KEYS_A_SCAN]], options)
    const round = readScan(reply)
    for (const key of round.keys) found.add(key)
    cursor = round.cursor
    rounds += 1
  } while (cursor !== '0')
  return { keys: [...found], rounds }
}

/**
 * Looks when each of the keys expires. The server's own clock is read before and after, so that no other clock has to be
 * right; on an own server two marks tell which events came before and which after.
 */
export async function lookAt(
  looking: Looking,
  keys: readonly string[],
  options?: AskOptions,
): Promise<Looked> {
  const { connection, events } = looking
  marks += 1
  const mark = (side: string): readonly Command[] =>
    events === undefined ? [] : [['PUBLISH', events.channel, `${side}${marks}`]]
  const [begin, end] = [`begin${marks}`, `end${marks}`]
  const arrived = events?.arrival(end, options?.quiet)
  // It is awaited below, unless there is no answer at all.
  arrived?.catch(() => {})
  const replies = await connection.ask(
    [
      ...[['TIME'] as const, ...mark('begin')],
      ...keys.map((key) => ['PEXPIRETIME', key] as const),
      ...[...mark('end'), ...statistics(events), ['TIME'] as const],
    ],
    options,
  )
  const at = performance.now()
  await arrived
  const first = 1 + mark('').length
  return {
    look: {
      before: readTime(replies[0]),
      after: readTime(replies.at(-1)),
      at,
      asked: keys,
      deadlines: readDeadlines(keys, replies.slice(first, first + keys.length)),
      heard: looking.takeHeard(begin),
    },
    calls: events === undefined ? new Map() : readCalls(replies.at(-2)),
  }
}

/** How often each command was called. */
export function readCalls(reply: unknown): Calls {
  const calls = new Map<string, number>()
  for (const [field, text] of Object.entries(readInfo(reply))) {
    calls.set(field.replace(/^cmdstat_/, ''), Number(/calls=(\d+)/.exec(text)?.[1]))
  }
  return calls
}

function statistics(events: Events | undefined): readonly Command[] {
  return events === undefined ? [] : [['INFO', 'commandstats']]
}

function readDeadlines(
  keys: readonly string[],
  replies: readonly unknown[],
): ReadonlyMap<string, number | null> {
  const deadlines = new Map<string, number | null>()
  for (const [index, key] of keys.entries()) {
    const deadline = readNumber(replies[index], 'PEXPIRETIME')
    if (deadline !== -2) deadlines.set(key, deadline === -1 ? null : deadline)
  }
  return deadlines
}
