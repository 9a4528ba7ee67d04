import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
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
  let { child, client, port } = await launchAnywhere(dir, args)
  const address = `127.0.0.1:${port}`
  const own = createReference('redis', [{ name: 'redis' }], () => address)
  grantAccess(own, { own: true, prefix: '' })
  const kill = async () => {
    client.disconnect()
    await end(child)
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
      client = await connect(port, dir)
    },
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** On a free port; on another one where somebody else took it meanwhile. */
async function launchAnywhere(dir: string, args: readonly string[]) {
  for (;;) {
    const port = await findPort()
    const child = launch(dir, port, args)
    const over = new AbortController()
    once(child, 'exit').then(() => over.abort(new Error('it could not listen there')))
    const client = await connect(port, dir, over.signal).catch(() => undefined)
    if (client !== undefined && child.exitCode === null) return { child, client, port }
    await end(child)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
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

/** Connects to the Redis that runs in that folder, once it answers there. */
async function connect(port: number, dir: string, signal?: AbortSignal): Promise<Redis> {
  const made = await poll(
    async () => {
      const client = new Redis({
        ...{ host: '127.0.0.1', port, protocol: 2, lazyConnect: true, retryStrategy: () => null },
      })
      client.on('error', () => {})
      await client.connect()
      const [, where] = (await client.config('GET', 'dir')) as string[] // a name and its value
      if (where === (await realpath(dir))) return client
      client.disconnect()
      throw new Error(`another Redis answers at ${port}`)
    },
    { what: 'redis-server', within: 60_000, signal, judge: () => ({ met: true }) },
  )
  if (made.value === undefined) throw made.error ?? new Error('redis-server did not start')
  return made.value
}
