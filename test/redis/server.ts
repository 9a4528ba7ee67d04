import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { grantAccess } from '../../src/redis/access.ts'
import { createReference, type Reference } from '../../src/reference.ts'
import { poll } from '../../src/wait/poll.ts'

/** A real redis-server, started by the test itself. */
export interface Server extends AsyncDisposable {
  /** As a service is: the script's own. */
  readonly own: Reference<string>
  /** As text: somebody else's. */
  readonly address: string
  readonly process: ChildProcess
  /** What the system under test does. */
  readonly client: Redis
  kill(): Promise<void>
  /** Starts it anew at the same address; what it held is gone. */
  again(): Promise<void>
}

/** Starts a redis-server that keeps nothing on disk. */
export async function startServer(...args: readonly string[]): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'redis-test-'))
  const port = await findPort()
  const address = `127.0.0.1:${port}`
  const own = createReference('redis', [{ name: 'redis' }], () => address)
  grantAccess(own, { own: true, prefix: '' })
  let child = launch(dir, port, args)
  let client = await connect(port)
  const kill = async () => {
    client.disconnect()
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    own,
    address,
    get process() {
      return child
    },
    get client() {
      return client
    },
    kill,
    async again() {
      child = launch(dir, port, args)
      client = await connect(port)
    },
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function launch(dir: string, port: number, args: readonly string[]): ChildProcess {
  const options = [
    '--bind',
    '127.0.0.1',
    '--port',
    String(port),
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    dir,
  ]
  return spawn(process.env['REDIS_BIN'] ?? 'redis-server', [...options, ...args], { stdio: 'ignore' })
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function connect(port: number): Promise<Redis> {
  const made = await poll(
    async () => {
      const client = new Redis({
        host: '127.0.0.1',
        port,
        protocol: 2,
        lazyConnect: true,
        retryStrategy: () => null,
      })
      client.on('error', () => {})
      await client.connect()
      return client
    },
    { what: 'redis-server', within: 60_000, judge: () => ({ met: true }) },
  )
  if (made.value === undefined) throw made.error ?? new Error('redis-server did not start')
  return made.value
}
