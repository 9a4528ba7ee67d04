/** How a key came to its end, as far as two looks and the events between them tell. */
export type End =
  /** Alive before its deadline, gone after it, and nobody said otherwise. */
  | { readonly how: 'expired'; readonly at: number }
  /** Gone by a command: the server said so. */
  | { readonly how: 'deleted'; readonly at: number; readonly by: string }
  /** Gone before its deadline, or without having one, and nobody saw how. */
  | { readonly how: 'vanished'; readonly at: number }
  /** Gone with the server that held it. */
  | { readonly how: 'lost'; readonly at: number }

/** A key from the look that first saw it to the one that first missed it, or only its expiry as the server told it. All times are the server's, in milliseconds since 1970. */
export interface Life {
  readonly key: string
  /** The last time at which it was surely there. */
  readonly alive: number
  /** When that was by this process' own clock (`performance.now()`). */
  readonly looked: number
  /** When it expires; undefined for never. */
  readonly deadline: number | undefined
  /** How often its deadline was seen to move. */
  readonly moves: number
  readonly end: End | undefined
}

/** A key that a command took away. */
export interface Deletion {
  readonly time: number
  /** `del` stands for DEL, UNLINK and whatever else empties a key: the server does not tell them apart. */
  readonly command: string
  /** `*` for commands that take all, and for those that ran before anybody watched. */
  readonly key: string
}

/** One look at some keys: between which two times of the server, and when each expires (null: never; missing: it is gone). */
export interface Look {
  readonly before: number
  readonly after: number
  readonly asked: readonly string[]
  readonly deadlines: ReadonlyMap<string, number | null>
  /** When the answer was there, by `performance.now()`. */
  readonly at: number
  /** How many events had been heard when the look began. */
  readonly heard: number
  /** Commands that take all keys and ran since the look before. */
  readonly swept: readonly string[]
}

/** What became of the keys of one database, folded from looks and events. */
export interface Book {
  /** An event about a key: its name, and the server's time as far as it is known. Counted. */
  hear(event: string, key: string, time: number): void
  readonly heard: number
  see(look: Look): void
  /** Commands that take keys have run while nobody watched. */
  miss(commands: readonly string[], time: number): void
  /** The server is another one now: what the last one held is lost. */
  lose(time: number): void
  /** Keys that are there, as far as the last look at each tells. */
  alive(): readonly Life[]
  /** All lives, ended ones first; of those that expired at least the last 100,000. */
  lives(): readonly Life[]
  deletions(): readonly Deletion[]
}

const EXPIRED = 'expired'
/** What a server calls the events that take a key away, and the command as people know it. */
const TAKING: ReadonlyMap<string, string> = new Map([
  ['del', 'del'],
  ['unlink', 'unlink'],
  ['evicted', 'eviction'],
  ['rename_from', 'rename'],
  ['move_from', 'move'],
])

/** The events that a book wants to hear. */
export const EVENTS: readonly string[] = [EXPIRED, ...TAKING.keys()]

const MOST_KEPT = 100_000

/** An empty book. */
export function createBook(): Book {
  const alive = new Map<string, Life & { readonly heard: number }>()
  const ended: Life[] = []
  // A list of its own, of which the oldest may be forgotten; none of the others may.
  let expired: Life[] = []
  const deletions: Deletion[] = []
  const last = new Map<string, { readonly event: string; readonly number: number; readonly time: number }>()
  let heard = 0

  function hear(event: string, key: string, time: number): void {
    heard += 1
    last.set(key, { event, number: heard, time })
    const command = TAKING.get(event)
    if (command !== undefined) note({ time, command, key })
    // Gone before anybody could look: the server's word is all there is.
    else if (!alive.has(key)) keepExpired(createHeard(key, time))
  }

  function note(deletion: Deletion): void {
    if (deletions.length < MOST_KEPT) deletions.push(deletion)
  }

  function see(look: Look): void {
    for (const command of look.swept) note({ time: look.after, command, key: '*' })
    for (const key of look.asked) {
      const deadline = look.deadlines.get(key)
      if (deadline === undefined) bury(key, look)
      else meet(key, deadline ?? undefined, look)
    }
    // Of keys that were never seen nothing more has to be known than that they were deleted.
    for (const [key, { number }] of last) if (number <= look.heard && !alive.has(key)) last.delete(key)
  }

  function meet(key: string, deadline: number | undefined, look: Look): void {
    const known = alive.get(key)
    const moves = (known?.moves ?? 0) + (known === undefined || known.deadline === deadline ? 0 : 1)
    const { before, at: looked, heard: since } = look
    alive.set(key, { key, alive: before, looked, deadline, moves, end: undefined, heard: since })
  }

  function bury(key: string, look: Look): void {
    const life = alive.get(key)
    if (life === undefined) return
    const end = endOf(life, look)
    if (end.how === 'vanished') note({ time: end.at, command: 'unknown', key })
    finish(life, end)
  }

  function endOf(life: Life & { readonly heard: number }, { after, swept }: Look): End {
    const said = last.get(life.key)
    const command = TAKING.get(said?.event ?? '')
    if (said !== undefined && said.number > life.heard) {
      if (command !== undefined) return { how: 'deleted', at: said.time, by: command }
      return { how: 'expired', at: after }
    }
    const early = life.deadline === undefined || after <= life.deadline
    const [sweep] = swept
    if (early && sweep !== undefined) return { how: 'deleted', at: after, by: sweep }
    return { how: early ? 'vanished' : 'expired', at: after }
  }

  function finish({ heard: _, ...life }: Life & { readonly heard: number }, end: End): void {
    alive.delete(life.key)
    last.delete(life.key)
    if (end.how === 'expired') keepExpired({ ...life, end })
    else ended.push({ ...life, end })
  }

  function keepExpired(life: Life): void {
    expired.push(life)
    if (expired.length >= 2 * MOST_KEPT) expired = expired.slice(MOST_KEPT)
  }

  return {
    hear,
    get heard() {
      return heard
    },
    see,
    miss(commands, time) {
      for (const command of commands) note({ time, command, key: '*' })
    },
    lose(time) {
      for (const life of [...alive.values()]) finish(life, { how: 'lost', at: time })
      last.clear()
    },
    alive: () => [...alive.values()],
    lives: () => [...ended, ...expired, ...alive.values()],
    deletions: () => deletions,
  }
}

function createHeard(key: string, time: number): Life {
  const end: End = { how: 'expired', at: time }
  return { key, alive: time, looked: performance.now(), deadline: undefined, moves: 0, end }
}
