import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { toError } from '../../error.ts'

/*
 * What listens on 127.0.0.1 of this machine cannot be reached from a container. A relay listens on the machine's address on
 * the run's own network, at the same port, and passes everything on: reachable for containers of this run and for nobody else
 * outside of this machine.
 */
const LOOPBACK = '127.0.0.1'

const wanted = new Set<number>()
const relays = new Map<number, Server>()
const sockets = new Set<Socket>()

/** Notes that a container was told this port of the machine. */
export function wantRelay(port: number): void {
  wanted.add(port)
}

/** Opens those that are wanted and not yet there. */
export async function openRelays(gateway: string): Promise<void> {
  const missing = [...wanted].filter((port) => !relays.has(port))
  await Promise.all(missing.map((port) => openRelay(gateway, port)))
}

/** Closes all of them. */
export function closeRelays(): void {
  for (const server of relays.values()) server.close()
  for (const socket of sockets) socket.destroy()
  relays.clear()
  wanted.clear()
}

async function openRelay(gateway: string, port: number): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (near) => passOn(near, port))
  // Before it listens: another launch must not try the same at the same time.
  relays.set(port, server)
  server.unref()
  try {
    await once(server.listen(port, gateway), 'listening')
  } catch (error) {
    relays.delete(port)
    // Who listens on every address of this machine is there already.
    if (codeOf(error) !== 'EADDRINUSE') throw error
  }
}

function passOn(near: Socket, port: number): void {
  const far = connect({ host: LOOPBACK, port, allowHalfOpen: true })
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(one)
    one.unref()
    // A connection that breaks on one side breaks on the other, too.
    one.on('error', () => other.destroy())
    one.on('close', () => {
      sockets.delete(one)
      other.destroySoon()
    })
    one.pipe(other)
  }
}

function codeOf(error: unknown): string {
  const given = toError(error)
  return 'code' in given ? String(given.code) : ''
}
