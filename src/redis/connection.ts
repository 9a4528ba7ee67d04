import type { Redis } from 'ioredis'
import { currentContext } from '../context.ts'
import { Failure, toError } from '../error.ts'
import { describeNetworkError } from '../http/send.ts'
import { raceAbort } from '../wait/poll.ts'
import type { Target } from './target.ts'

/** A command and its arguments: `['HGETALL', 'key']`. */
export type Command = readonly [name: string, ...words: (string | number)[]]

/** How long a command is waited for. */
export interface AskOptions {
  readonly signal?: AbortSignal | undefined
  /** Replies as bytes, where text would lose some. */
  readonly bytes?: boolean
  /** The process may end while this is under way: nobody waits for it. */
  readonly quiet?: boolean
}

/** A connection to one database. It never reconnects: whoever needs it after a loss connects anew. */
export interface Connection {
  /** Aborts when the connection is lost or closed. */
  readonly over: AbortSignal
  /** Sends all commands at once and gives their replies in order, an Error where one was refused. Rejects with a Failure when there is no answer. */
  ask(commands: readonly Command[], options?: AskOptions): Promise<readonly unknown[]>
  /** Keeps the process from ending until the work is done. */
  hold<T>(work: Promise<T>): Promise<T>
  /** The client itself, for what is not a command: subscriptions. */
  readonly client: Redis
  close(): void
}

/** An answer may take this long, in milliseconds; a server that was paused is given up then. */
const PATIENCE = 10_000
const CONNECT_PATIENCE = 5000

interface Shared {
  readonly opening: Promise<Connection>
  connection: Connection | undefined
}

const shared = new Map<string, Shared>()

/** The one connection of this process to that database, opened when there is none. Never keeps the process from ending; closed with the scenario that opened it. */
export async function connect(target: Target): Promise<Connection> {
  const known = shared.get(target.key)
  if (known !== undefined && (known.connection === undefined || isAlive(known.connection.client))) {
    return known.opening
  }
  const made: Shared = { opening: openConnection(target), connection: undefined }
  shared.set(target.key, made)
  try {
    made.connection = await made.opening
    const { close } = made.connection
    currentContext()?.own(`the connection to ${target.name}`, async () => close())
    return made.connection
  } catch (error) {
    if (shared.get(target.key) === made) shared.delete(target.key)
    throw error
  }
}

/** A server that ended is noticed here before the client says so. */
function isAlive(client: Redis): boolean {
  return client.status === 'ready' && client.stream.writable
}

/** Opens a connection of its own: what subscribes cannot ask. Rejects with a Failure at once when nobody answers there. */
export async function openConnection(target: Target): Promise<Connection> {
  const { Redis } = await import('ioredis')
  const { host, port, db, username, password, tls } = target
  const client = new Redis({
    ...{ host, port, db },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
    ...{
      lazyConnect: true,
      connectTimeout: CONNECT_PATIENCE,
      enableReadyCheck: false,
      disableClientInfo: true,
    },
    // What is lost stays lost: a look that fails is told, and the next one connects anew.
    ...{
      protocol: 2,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
    },
    ...{ maxRetriesPerRequest: 0, retryStrategy: () => null },
  })
  const over = new AbortController()
  let cause: unknown
  client.on('error', (error) => {
    cause ??= error
  })
  client.once('end', () => over.abort(tellNoAnswer(target, cause ?? 'the connection was lost')))
  try {
    await client.connect()
  } catch (error) {
    end(client)
    throw tellNoAnswer(target, cause ?? error)
  }
  client.stream.unref()
  return createConnection(client, target, over)
}

function createConnection(client: Redis, target: Target, over: AbortController): Connection {
  let pending = 0

  async function ask(commands: readonly Command[], options: AskOptions = {}): Promise<readonly unknown[]> {
    const { signal, bytes = false } = options
    const tooLong = AbortSignal.timeout(PATIENCE)
    try {
      const replies = send(client, commands, bytes)
      return await raceAbort(replies, AbortSignal.any([over.signal, tooLong, ...(signal ? [signal] : [])]))
    } catch (error) {
      if (signal?.aborted === true || over.signal.aborted) throw signal?.reason ?? over.signal.reason
      if (tooLong.aborted) throw tellNoAnswer(target, `none within ${PATIENCE / 1000}s`)
      throw tellNoAnswer(target, isAlive(client) ? error : 'the connection was lost')
    }
  }

  async function hold<T>(work: Promise<T>): Promise<T> {
    pending += 1
    client.stream.ref()
    try {
      return await work
    } finally {
      pending -= 1
      if (pending === 0) client.stream.unref()
    }
  }

  return {
    over: over.signal,
    ask: (commands, options) =>
      options?.quiet === true ? ask(commands, options) : hold(ask(commands, options)),
    hold,
    client,
    close: () => end(client),
  }
}

/** At once: the client itself would wait up to 2 s for the end of a stream that may have ended already. */
function end(client: Redis): void {
  if (client.stream.destroyed) return
  client.disconnect()
  client.stream.destroy()
}

async function send(
  client: Redis,
  commands: readonly Command[],
  bytes: boolean,
): Promise<readonly unknown[]> {
  const pipeline = client.pipeline()
  for (const [name, ...words] of commands) {
    if (bytes) pipeline.callBuffer(name, ...words)
    else pipeline.call(name, ...words)
  }
  const results = (await pipeline.exec()) ?? []
  return results.map(([error, reply]) => {
    if (error === null) return reply
    if (error.name === 'ReplyError') return error
    throw error
  })
}

function tellNoAnswer(target: Target, cause: unknown): Failure {
  const why = cause instanceof Error ? describeNetworkError(cause) : String(cause)
  const { name, host, port } = target
  const place = name === `${host}:${port}` ? name : `${name} at ${host}:${port}`
  return new Failure(`no answer from ${place}: ${why}`, { cause: toError(cause) })
}
