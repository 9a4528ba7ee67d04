import { type Book, createBook, type Look } from './book.ts'
import { type AskOptions, type Connection, connect } from './connection.ts'
import { type Events, subscribe } from './events.ts'
import { createGlob } from './glob.ts'
import { type Calls, lookAt, readCalls, scan } from './look.ts'
import { readInfo, readTime } from './reply.ts'
import type { Source, Target } from './target.ts'

/** Watches what becomes of the keys of one database, from its beginning until the connection is closed. */
export interface Watch {
  readonly book: Book
  /** The server's time when somebody began to watch. */
  readonly since: number
  /** How often each command was called since then; empty where the server is not the script's own. */
  calls(): Calls
  /** Looks at every key under the pattern, known and new. */
  look(pattern: string, options?: AskOptions): Promise<Look>
  /** Looks at these keys only. */
  touch(keys: readonly string[], options?: AskOptions): Promise<Look>
}

interface Session {
  readonly connection: Connection
  readonly events: Events | undefined
  readonly server: string
}

interface State {
  readonly book: Book
  readonly heardAt: Map<string, number>
  session: Promise<Session> | undefined
  server: string | undefined
  first: Calls
  last: Calls
  since: number
  /** The server's clock minus this machine's. */
  ahead: number
  lookedAll: number
}

/** Between two looks in the background, in milliseconds; more where a look takes more than a tenth of it. */
const EVERY = 50
const SLOWEST = 5000
/** Take all keys, and no event tells it. */
const SWEEPING = ['flushall', 'flushdb', 'swapdb'] as const
const TAKING = ['del', 'unlink', 'getdel', 'rename', 'renamenx', 'move', ...SWEEPING] as const

const states = new Map<string, State>()

/**
 * The watch over that database, begun where there is none. On an own server it hears every deletion; elsewhere, and for
 * expiry, it looks again and again. Rejects with a Failure when nobody answers there.
 */
export async function beginWatch(target: Target): Promise<Watch> {
  const state = states.get(target.key) ?? createState()
  states.set(target.key, state)
  state.session ??= begin(target, state)
  const session = await state.session
  return {
    book: state.book,
    since: state.since,
    calls: () => differenceOf(state.first, state.last),
    look: (pattern, options) => lookAtAll(state, session, { pattern, ...options }),
    touch: (keys, options) => look(state, session, { keys, ...options }),
  }
}

/** Where the server is known already, the watch begins now; where not, with its service or the first look. */
export function beginSoon(source: Source): void {
  let target: Target
  try {
    target = source.target()
  } catch {
    // Its address is not known yet: whoever reads too early is told so then.
    return
  }
  // That nobody answers is told by the first look.
  beginWatch(target).catch(() => {})
}

function createState(): State {
  return {
    book: createBook(),
    heardAt: new Map(),
    session: undefined,
    server: undefined,
    first: new Map(),
    last: new Map(),
    since: 0,
    ahead: 0,
    lookedAll: 0,
  }
}

async function begin(target: Target, state: State): Promise<Session> {
  try {
    const session = await open(target, state)
    const end = () => {
      state.session = undefined
      session.events?.close()
    }
    session.connection.over.addEventListener('abort', end, { once: true })
    session.events?.over.addEventListener('abort', end, { once: true })
    scheduleLook(target, state, session)
    return session
  } catch (error) {
    state.session = undefined
    throw error
  }
}

async function open(target: Target, state: State): Promise<Session> {
  const { book, heardAt } = state
  const event = (name: string, key: string) => book.hear(name, key, Date.now() + state.ahead)
  const mark = (text: string) => heardAt.set(text, book.heard)
  const events = target.access.own ? await subscribe(target, { event, mark }) : undefined
  const connection = await connect(target)
  const statistics = events === undefined ? [] : [['INFO', 'commandstats'] as const]
  const [info, time, calls] = await connection.ask([['INFO', 'server'], ['TIME'], ...statistics])
  const server = readInfo(info)['run_id'] ?? ''
  const now = readTime(time)
  if (server !== state.server) {
    if (state.server !== undefined) book.lose(now)
    state.last = new Map()
  }
  if (calls !== undefined) {
    const counted = readCalls(calls)
    book.miss(risen(TAKING, state.last, counted), now)
    state.last = counted
    state.first = server === state.server ? state.first : new Map()
  }
  state.since ||= now
  state.server = server
  return { connection, events, server }
}

async function lookAtAll(
  state: State,
  session: Session,
  { pattern, ...options }: AskOptions & { pattern: string },
): Promise<Look> {
  const matches = createGlob(pattern)
  const known = state.book.alive().filter(({ key }) => matches(key))
  const found = await scan(session.connection, pattern, options)
  const keys = new Set([...found, ...known.map(({ key }) => key)])
  return look(state, session, { keys: [...keys], ...options })
}

async function look(
  state: State,
  { connection, events }: Session,
  { keys, ...options }: AskOptions & { keys: readonly string[] },
): Promise<Look> {
  const looked = await lookAt(
    { connection, events, takeHeard: (mark) => takeFrom(state.heardAt, mark) },
    keys,
    options,
  )
  const seen = { ...looked.look, swept: risen(SWEEPING, state.last, looked.calls) }
  state.last = events === undefined ? state.last : looked.calls
  state.ahead = seen.after - Date.now()
  state.book.see(seen)
  return seen
}

/** In the background, for as long as the connection lives; it never keeps the process from ending. */
function scheduleLook(target: Target, state: State, session: Session): void {
  const pattern = `${target.access.prefix}*`
  const tick = async () => {
    const began = performance.now()
    try {
      await lookAtAll(state, session, { pattern, quiet: true })
    } catch {
      // The connection is lost, which ends this watch; or the server is slow, and the next look finds out.
    }
    if (session.connection.over.aborted) return
    const pace = Math.min(Math.max((performance.now() - began) * 10, EVERY), SLOWEST)
    setTimeout(tick, pace).unref()
  }
  setTimeout(tick, 0).unref()
}

function takeFrom(heardAt: Map<string, number>, mark: string): number {
  const heard = heardAt.get(mark) ?? 0
  heardAt.delete(mark)
  return heard
}

function risen(names: readonly string[], from: Calls, to: Calls): readonly string[] {
  return names.filter((name) => (to.get(name) ?? 0) > (from.get(name) ?? 0))
}

function differenceOf(from: Calls, to: Calls): Calls {
  return new Map([...to].map(([name, count]) => [name, count - (from.get(name) ?? 0)]))
}
