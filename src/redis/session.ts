import { sense } from '../wait/sense.ts'
import { type Book, createBook, type Look } from './book.ts'
import { type AskOptions, type Connection, connect } from './connection.ts'
import { type Events, subscribe } from './events.ts'
import { type Calls, lookAt, readCalls } from './look.ts'
import { readInfo, readTime } from './reply.ts'
import type { Target } from './target.ts'

/** What a watch looks and hears with, until its connection is lost. */
export interface Session {
  readonly connection: Connection
  readonly events: Events | undefined
}

/** What a watch knows, over all its sessions. */
export interface State {
  readonly book: Book
  readonly heardAt: Map<string, number>
  session: Promise<Session> | undefined
  /** The session that looks and hears now. */
  current: Session | undefined
  server: string | undefined
  /** How often commands had been called at the last look. */
  last: Calls
  /** The server's clock minus this machine's. */
  ahead: number
}

/** Take all keys, and no event tells it. */
const SWEEPING = ['flushall', 'flushdb', 'swapdb'] as const
const TAKING = ['del', 'unlink', 'getdel', 'rename', 'renamenx', 'move', ...SWEEPING] as const

/** A watch that has not begun. */
export function createState(): State {
  return {
    book: createBook(),
    heardAt: new Map(),
    session: undefined,
    current: undefined,
    server: undefined,
    last: new Map(),
    ahead: 0,
  }
}

/** Connects, hears from here on, and finds out whether it is still the same server and what was missed. */
export async function openSession(target: Target, state: State): Promise<Session> {
  const { book, heardAt } = state
  const event = (name: string, key: string) => book.hear(name, key, Date.now() + state.ahead)
  const mark = (text: string) => heardAt.set(text, book.heard)
  const events = target.access.own ? await subscribe(target, { event, mark }) : undefined
  try {
    const connection = await connect(target)
    await meetServer(connection, target, state)
    return { connection, events }
  } catch (error) {
    events?.close()
    throw error
  }
}

async function meetServer({ ask }: Connection, { access }: Target, state: State): Promise<void> {
  const statistics = access.own ? [['INFO', 'commandstats'] as const] : []
  const [info, time, calls] = await ask([['INFO', 'server'], ['TIME'], ...statistics])
  const server = readInfo(info)['run_id'] ?? ''
  const now = readTime(time)
  if (server !== state.server) {
    if (state.server !== undefined) state.book.lose(now)
    state.last = new Map()
    state.server = server
  }
  if (calls === undefined) return
  const counted = readCalls(calls)
  state.book.miss(risen(TAKING, state.last, counted), now)
  state.last = counted
}

/** Looks at these keys at once, and writes into the book what it saw. */
export async function look(
  state: State,
  { connection, events }: Session,
  { keys, ...options }: AskOptions & { keys: readonly string[] },
): Promise<Look> {
  const looking = { connection, events, takeHeard: (mark: string) => takeFrom(state.heardAt, mark) }
  const looked = await sense({ kind: 'deadlines', name: 'keys' }, () => lookAt(looking, keys, options))
  const seen = { ...looked.look, swept: risen(SWEEPING, state.last, looked.calls) }
  state.last = events === undefined ? state.last : looked.calls
  state.ahead = seen.after - Date.now()
  state.book.see(seen)
  return seen
}

function takeFrom(heardAt: Map<string, number>, mark: string): number {
  const heard = heardAt.get(mark) ?? 0
  heardAt.delete(mark)
  return heard
}

function risen(names: readonly string[], from: Calls, to: Calls): readonly string[] {
  return names.filter((name) => (to.get(name) ?? 0) > (from.get(name) ?? 0))
}
