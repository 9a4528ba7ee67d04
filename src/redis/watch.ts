import type { Book, Look } from './book.ts'
import type { AskOptions } from './connection.ts'
import { createGlob } from './glob.ts'
import { type Calls, scan } from './look.ts'
import { createState, look, openSession, type Session, type State } from './session.ts'
import type { Source, Target } from './target.ts'

/** Watches what becomes of the keys of one database, from its beginning until the connection is closed. */
export interface Watch {
  readonly book: Book
  /** How often each command was called since the server began; empty where the server is not the script's own. */
  calls(): Calls
  /** Looks at every key under the pattern, known and new. */
  look(pattern: string, options?: AskOptions): Promise<Look>
  /** Looks at these keys only. */
  touch(keys: readonly string[], options?: AskOptions): Promise<Look>
}

/**
 * Between two looks in the background, in milliseconds. Denser where no event tells of deletions; on an own server all that
 * a look adds to the events is how long keys were alive, and claims look for themselves.
 */
const EVERY = { own: 250, foreign: 50 } as const
/** And for each key, and each round of SCAN: ten to fifty times what it costs, whatever else the machine does. */
const A_KEY = { own: 1, foreign: 0.2 } as const
const A_ROUND = 5
const SLOWEST = 5000
const AT_ONCE = 5000
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
    calls: () => state.last,
    look: (pattern, options) => lookAtAll(state, session, { pattern, ...options }),
    touch: (keys, options) => lookInParts(state, session, { keys, ...options }),
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

async function begin(target: Target, state: State): Promise<Session> {
  try {
    const session = await openSession(target, state)
    state.current = session
    const end = () => {
      session.events?.close()
      if (state.current !== session) return
      state.current = undefined
      state.session = undefined
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

async function lookAtAll(
  state: State,
  session: Session,
  { pattern, ...options }: AskOptions & { pattern: string },
): Promise<Look & { readonly rounds: number }> {
  const matches = createGlob(pattern)
  const known = state.book.alive().filter(({ key }) => matches(key))
  const { keys: found, rounds } = await scan(session.connection, pattern, options)
  const keys = new Set([...found, ...known.map(({ key }) => key)])
  return { ...(await lookInParts(state, session, { keys: [...keys], ...options })), rounds }
}

/** In parts, each with its own times: what is told of a key is the narrower, and the memory it takes bounded. */
async function lookInParts(
  state: State,
  session: Session,
  { keys, ...options }: AskOptions & { keys: readonly string[] },
): Promise<Look> {
  let seen = await look(state, session, { keys: keys.slice(0, AT_ONCE), ...options })
  if (keys.length <= AT_ONCE) return seen
  const deadlines = new Map(seen.deadlines)
  for (let from = AT_ONCE; from < keys.length; from += AT_ONCE) {
    const part = await look(state, session, { keys: keys.slice(from, from + AT_ONCE), ...options })
    for (const [key, deadline] of part.deadlines) deadlines.set(key, deadline)
    seen = { ...part, before: seen.before, deadlines, asked: keys }
  }
  return seen
}

/** In the background, for as long as the connection lives; it never keeps the process from ending. */
function scheduleLook(target: Target, state: State, session: Session): void {
  const { own, prefix } = target.access
  const pattern = `${prefix}*`
  const whose = own ? 'own' : 'foreign'
  const tick = async () => {
    let pace: number = EVERY[whose]
    try {
      const { asked, rounds } = await lookAtAll(state, session, { pattern, quiet: true })
      pace = Math.min(Math.max(asked.length * A_KEY[whose] + rounds * A_ROUND, pace), SLOWEST)
    } catch {
      // The connection is lost, which ends this watch; or the server is slow, and the next look finds out.
    }
    if (state.current === session) setTimeout(tick, pace).unref()
  }
  setTimeout(tick, 0).unref()
}
