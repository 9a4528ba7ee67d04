import { Buffer } from 'node:buffer'
import { connect, type LookupFunction, type Socket } from 'node:net'
import { type AnswerReader, beginAnswer, createAnswerReader, endAnswer, readAnswer } from './answer.ts'
import { causeOf } from './cause.ts'
import type { Ends, Exchange, NoAnswer } from './exchange.ts'
import type { Target } from './plan.ts'

/** One TCP connection; it carries one exchange at a time. */
export interface Connection {
  readonly owner: Owner
  readonly socket: Socket
  readonly reader: AnswerReader
  /** What it is carrying now. */
  current: Exchange | undefined
  /** Whether another exchange may be sent: false from the moment that either side closes it. */
  isUsable: boolean
  /** When it became free, in milliseconds of `performance.now()`. */
  idleSince: number
}

/** Who is told what becomes of a connection and of what it carried. */
export interface Owner extends Ends {
  readonly target: Target
  readonly lookup: LookupFunction
  /** It can take another exchange. */
  freed(connection: Connection): void
  /** Its socket is gone. */
  closed(connection: Connection): void
}

const PIECE = 16 * 1024
const CUT: NoAnswer = { cause: 'closed', detail: 'the connection was closed before the answer was complete' }

/** Opens a connection for its first exchange, which is written once it stands. */
export function openConnection(owner: Owner, first: Exchange): Connection {
  const { target, lookup } = owner
  const buffer = Buffer.allocUnsafe(PIECE)
  const callback = (length: number) => receive(connection, buffer, length)
  const socket = connect({
    host: target.host,
    port: target.port,
    lookup,
    noDelay: true,
    onread: { buffer, callback },
  })
  const reader = createAnswerReader()
  const connection: Connection = { owner, socket, reader, current: first, isUsable: true, idleSince: 0 }
  socket.on('connect', () => {
    if (connection.current !== undefined) sendOver(connection, connection.current)
  })
  socket.on('end', () => {
    if (connection.current !== undefined && endAnswer(reader) === 'done')
      finish(connection, connection.current)
    fail(connection, CUT)
  })
  socket.on('error', (error) => fail(connection, { cause: causeOf(error), detail: error.message }))
  socket.on('close', () => {
    fail(connection, CUT)
    owner.closed(connection)
  })
  return connection
}

/** Writes an exchange. What happens to it from here on, it is never written again. */
export function sendOver(connection: Connection, exchange: Exchange): void {
  connection.current = exchange
  beginAnswer(connection.reader, exchange.request.isHead)
  exchange.isWritten = true
  connection.socket.write(exchange.request.bytes)
}

/** Ends the connection; what it was carrying fails for this reason. */
export function abortConnection(connection: Connection, why: NoAnswer): void {
  fail(connection, why)
  connection.socket.destroy()
}

/** Ends a connection that carries nothing. */
export function closeConnection(connection: Connection): void {
  connection.isUsable = false
  connection.socket.destroy()
}

function receive(connection: Connection, bytes: Buffer, length: number): boolean {
  if (connection.current === undefined) {
    closeConnection(connection) // bytes that answer nothing: the next answer could not be told from them
    return true
  }
  const verdict = readAnswer(connection.reader, bytes, length)
  if (verdict === 'done') finish(connection, connection.current)
  if (verdict === 'malformed') {
    const start = JSON.stringify(bytes.toString('latin1', 0, Math.min(length, 40)))
    abortConnection(connection, { cause: 'malformed', detail: `not an HTTP/1 answer: ${start}` })
  }
  return true
}

function finish(connection: Connection, exchange: Exchange): void {
  const { owner, reader, socket } = connection
  connection.current = undefined
  connection.idleSince = performance.now()
  if (!reader.isReusable || exchange.request.closes || socket.writableLength > 0) closeConnection(connection)
  owner.answered(exchange, reader.head.status, connection.idleSince)
  if (connection.isUsable) owner.freed(connection)
}

function fail(connection: Connection, why: NoAnswer): void {
  const exchange = connection.current
  connection.isUsable = false
  connection.current = undefined
  if (exchange !== undefined) connection.owner.failed(exchange, why, performance.now())
}
