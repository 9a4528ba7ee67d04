import {
  abortConnection,
  type Connection,
  closeConnection,
  type Owner,
  openConnection,
  sendOver,
} from './connection.ts'
import type { Ends, Exchange, NoAnswer } from './exchange.ts'
import { createLookup } from './lookup.ts'
import type { Target } from './plan.ts'

/** The connections of one run. */
export interface Pool {
  readonly options: PoolOptions
  readonly owner: Owner
  /** Every connection whose socket is not gone. */
  readonly open: Set<Connection>
  /** Those that are free, the one used last at the end. */
  readonly idle: Connection[]
  /** How many exchanges are on their way. */
  busy: number
  /** Set by `closePool`. */
  onEmpty: (() => void) | undefined
}

/** What a pool needs to know. */
export interface PoolOptions extends Ends {
  readonly target: Target
  /** The most connections at once. */
  readonly limit: number
  /** Milliseconds from the intended send time to the end of the answer. */
  readonly timeout: number
  /** Is called whenever an exchange has ended. */
  changed(): void
}

/**
 * A connection that was idle for longer is not used again: the shortest common keep-alive is gunicorn's 2 s, and a
 * request that crosses the server's closing on the wire is lost without anybody's fault.
 */
const LONGEST_IDLE = 1000

/** An empty pool that opens connections as they are needed, up to its limit. */
export function createPool(options: PoolOptions): Pool {
  const owner: Owner = {
    target: options.target,
    lookup: createLookup(),
    answered(exchange, status, now) {
      pool.busy -= 1
      options.answered(exchange, status, now)
      options.changed()
    },
    failed(exchange, why, now) {
      pool.busy -= 1
      options.failed(exchange, why, now)
      options.changed()
    },
    freed: (connection) => void pool.idle.push(connection),
    closed(connection) {
      pool.open.delete(connection)
      if (pool.open.size === 0) pool.onEmpty?.()
    },
  }
  const pool: Pool = { options, owner, open: new Set(), idle: [], busy: 0, onEmpty: undefined }
  return pool
}

/** Whether an exchange can be sent now. */
export function hasRoom(pool: Pool): boolean {
  return pool.busy < pool.options.limit
}

/** Sends over the connection that was used last, or over a new one when none is free. */
export function sendThrough(pool: Pool, exchange: Exchange): void {
  pool.busy += 1
  const connection = takeIdle(pool, performance.now())
  if (connection === undefined) pool.open.add(openConnection(pool.owner, exchange))
  else sendOver(connection, exchange)
}

/** Ends exchanges that took longer than their timeout, and connections that nobody needed for a while. */
export function sweepPool(pool: Pool, now: number): void {
  const { timeout } = pool.options
  for (const connection of pool.open) {
    const waited = now - (connection.current?.intended ?? now)
    if (waited > timeout) {
      abortConnection(connection, { cause: 'timeout', detail: `no full answer within ${timeout} ms` })
    }
  }
  const fresh = pool.idle.findIndex((connection) => isFresh(connection, now))
  for (const stale of pool.idle.splice(0, fresh === -1 ? pool.idle.length : fresh)) closeConnection(stale)
}

/** Ends everything that is on its way, for this reason. */
export function abandonAll(pool: Pool, why: NoAnswer): void {
  for (const connection of pool.open) abortConnection(connection, why)
}

/** Closes all connections; resolves when every socket is gone. */
export async function closePool(pool: Pool): Promise<void> {
  if (pool.open.size === 0) return
  const { promise, resolve } = Promise.withResolvers<void>()
  pool.onEmpty = resolve
  for (const connection of pool.open) closeConnection(connection)
  await promise
}

/** The one used last is the least likely to be closed meanwhile. */
function takeIdle(pool: Pool, now: number): Connection | undefined {
  for (let connection = pool.idle.pop(); connection !== undefined; connection = pool.idle.pop()) {
    if (isFresh(connection, now)) return connection
    closeConnection(connection)
  }
  return undefined
}

function isFresh(connection: Connection, now: number): boolean {
  return connection.isUsable && now - connection.idleSince <= LONGEST_IDLE
}
