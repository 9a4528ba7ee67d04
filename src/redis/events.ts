import { randomBytes } from 'node:crypto'
import { Failure } from '../error.ts'
import { raceAbort } from '../wait/poll.ts'
import { EVENTS } from './book.ts'
import { type Connection, openConnection } from './connection.ts'
import { readTexts } from './reply.ts'
import type { Target } from './target.ts'

/** What the server tells about keys, in the order in which it happened there. */
export interface Events {
  /** Publish a mark here: it arrives between the events before and those after it. */
  readonly channel: string
  /** Resolves when the mark has arrived: then everything that happened before it has been heard. Unless it is `quiet`, the process does not end before. */
  arrival(mark: string, quiet?: boolean): Promise<void>
  readonly over: AbortSignal
  close(): void
}

/** Who is told what a Redis publishes. */
export interface Hearing {
  event(name: string, key: string): void
  /** A mark that nobody waits for. */
  mark(mark: string): void
}

/** The classes of events that must be on: keyevent channels, generic commands, expiry, eviction. */
const CLASSES = 'Egxe'

/** Hears what happens to the keys of a database on an own server, from the moment at which this resolves. */
export async function subscribe(target: Target, hearing: Hearing): Promise<Events> {
  const connection = await openConnection(target)
  try {
    await turnOn(connection, target)
    return await listen(connection, target, hearing)
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Adds to what the server tells, and takes nothing away from what others asked it to tell. */
async function turnOn({ ask }: Connection, { name }: Target): Promise<void> {
  const [reply] = await ask([['CONFIG', 'GET', 'notify-keyspace-events']])
  const classes = readTexts(reply, 'CONFIG GET')[1] ?? ''
  const told = new Set(classes.replace('A', 'g$lshzxetd'))
  if ([...CLASSES].every((one) => told.has(one))) return
  const [answer] = await ask([['CONFIG', 'SET', 'notify-keyspace-events', `${classes}${CLASSES}`]])
  if (answer !== 'OK') throw new Failure(`${name} does not tell what happens to its keys: ${String(answer)}`)
}

async function listen(connection: Connection, { db }: Target, hearing: Hearing): Promise<Events> {
  const { client, over } = connection
  const channel = `shakedown:${randomBytes(6).toString('hex')}`
  const prefix = `__keyevent@${db}__:`
  const expected = new Map<string, () => void>()
  client.on('message', (from: string, message: string) => {
    if (from !== channel) return hearing.event(from.slice(prefix.length), message)
    const arrive = expected.get(message)
    if (arrive === undefined) return hearing.mark(message)
    expected.delete(message)
    arrive()
  })
  await connection.hold(raceAbort(client.subscribe(channel, ...EVENTS.map((name) => prefix + name)), over))
  const arrive = (mark: string) =>
    raceAbort(new Promise<void>((resolve) => expected.set(mark, resolve)), over)
  return {
    channel,
    arrival: (mark, quiet) => (quiet === true ? arrive(mark) : connection.hold(arrive(mark))),
    over,
    close: connection.close,
  }
}
