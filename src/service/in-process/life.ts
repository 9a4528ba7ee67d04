import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import { Server as HttpServer } from 'node:http'
import { Server } from 'node:net'
import process from 'node:process'
import { toError } from '../../error.ts'
import type { Exit } from '../driver.ts'
import type { Stream } from '../log.ts'

/** One life of a function that is a service: from its call until its end. */
export interface Life {
  /** Gets what it prints. */
  write(stream: Stream, chunk: Uint8Array): void
  /** Notes its end; only the first counts. */
  end(exit: Exit): void
  /** What it has opened and not yet closed. */
  readonly servers: Set<Server>
}

const storage = new AsyncLocalStorage<Life>()
let installed = false

/** Calls `act` so that all it does from now on, also later, is known to be that life's. */
export function runInLife<T>(life: Life, act: () => T): T {
  install()
  return storage.run(life, act)
}

/** Ends a life with an error, as Node ends a process: the stack in its log, and exit code 1. */
export function crash(life: Life, thrown: unknown): void {
  if (thrown instanceof Exited) return
  const error = toError(thrown)
  life.write('stderr', Buffer.from(`${error.stack ?? error.message}\n`))
  life.end({ code: 1, signal: null })
}

/** Closes the servers that a life has left open, with their connections. */
export function closeServers({ servers }: Life): void {
  for (const server of servers) {
    server.close()
    if (server instanceof HttpServer) server.closeAllConnections()
  }
  servers.clear()
}

/** Once in a process: what is done outside of every life goes its way as before. */
function install(): void {
  if (installed) return
  installed = true
  takeOutput('stdout')
  takeOutput('stderr')
  takeErrors()
  takeExit()
  subscribe('tracing:net.server.listen:asyncStart', (message) => {
    const server: unknown = Reflect.get(Object(message), 'server')
    if (server instanceof Server) storage.getStore()?.servers.add(server)
  })
}

type Write = typeof process.stdout.write

function takeOutput(stream: Stream): void {
  const output = process[stream]
  const plain = output.write.bind(output)
  const write = (chunk: Uint8Array | string, ...rest: readonly unknown[]): boolean => {
    const life = storage.getStore()
    if (life === undefined) return Reflect.apply(plain, output, [chunk, ...rest])
    life.write(stream, typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    const done = rest.find((argument) => typeof argument === 'function')
    if (done !== undefined) queueMicrotask(() => Reflect.apply(done, undefined, []))
    return true
  }
  output.write = write as Write // it takes what that takes
}

/** What nothing caught is told to the life in which it happened, and to nobody else: Node keeps the context for that. */
function takeErrors(): void {
  const plain = process.emit.bind(process)
  const emit = (name: string, ...rest: readonly unknown[]): boolean => {
    const life =
      name.startsWith('uncaughtException') || name === 'unhandledRejection' ? storage.getStore() : undefined
    if (life === undefined) return Reflect.apply(plain, process, [name, ...rest])
    // Node asks the monitor first, and then whether somebody has dealt with it.
    if (name !== 'uncaughtExceptionMonitor') crash(life, rest[0])
    return true
  }
  process.emit = emit as typeof process.emit // it takes what that takes
}

/** Thrown by `process.exit` inside of a life, so that what comes after it is not done. */
class Exited extends Error {}

function takeExit(): void {
  const plain = process.exit.bind(process)
  process.exit = (code) => {
    const life = storage.getStore()
    if (life === undefined) return plain(code)
    life.end({ code: Number(code ?? process.exitCode ?? 0), signal: null })
    throw new Exited(`process.exit(${code ?? ''})`)
  }
}
