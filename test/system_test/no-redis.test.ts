import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Redis } from 'ioredis'
import { freePort } from '../../src/service/evict.ts'
import { type Server, startServer } from '../redis/server.ts'
import { GENTLY, SHORT, systemTest } from './command.ts'
import { hold } from './network.ts'

const FLAGS = ['--quick', '--no-redis']
const READS = ['HGET', 'HGETALL', 'PEXPIRETIME', 'PTTL', 'TTL', 'TYPE', 'DUMP', 'EXISTS', 'TOUCH']
const WRITES = ['HSET', 'HSETNX', 'EXPIRE']
const OWN = /^shakedown-(\d+-|[0-9a-f]{12})/

test('--quick --no-redis --force works in a Redis that others use, on the ports asked for, and leaves it as it was (GUN-066, GUN-072, GUN-073, GUN-113, GUN-160)', async () => {
  await using server = await startServer()
  const decoys = await openDecoys(server)
  const before = await decoys.dump()
  const monitor = await listenTo(server)
  const [app, metrics] = [await freePort(), await freePort()]
  await using holder = await hold(app)
  const own = { APP_PORT: String(app), PROMETHEUS_METRICS_PORT: String(metrics), REDIS_TTL_SECONDS: '600' }
  const env = { ...GENTLY, REDIS_PORT: server.address.split(':')[1] }
  // Side by side, one with a long time to live: what comes late on a busy machine is still there.
  const [forced, expiring] = await Promise.all([
    systemTest([...FLAGS, '--force', '--only', 'metrics in Redis'], { env: { ...env, ...own } }),
    systemTest([...FLAGS, '--only', 'expire by themselves'], { env }),
  ])
  assert.equal(forced.code, 0, forced.text)
  assert.equal(expiring.code, 0, expiring.text)
  assert.equal(await holder.ended, 'SIGTERM')
  const ready = (forced.runs[0] ?? []).filter((event) => event.kind === 'service:ready')
  const endpointsOf = (name: string) => ready.find(({ service }) => service === name)?.endpoints
  assert.deepEqual(Object.values(endpointsOf('app') ?? {}).map(portIn), [app, metrics])
  assert.deepEqual(Object.values(endpointsOf('redis') ?? {}), [server.address])

  assert.deepEqual(await decoys.dump(), before)
  assert.deepEqual(await decoys.lasting(OWN), [], 'whatever is left of the run expires by itself')
  const asked = monitor.stop()
  const harmful = asked.filter((words) => !isHarmless(words))
  assert.deepEqual(harmful.slice(0, 10), [])
  // Both were heard: the exporter that writes, the toolkit that asks for deadlines.
  for (const name of ['HSET', 'PEXPIRETIME']) assert.ok(asked.some(([one]) => one?.toUpperCase() === name))
})

test('--no-redis without a Redis is exit 3 before anything starts, and says how to start one (GUN-077, GUN-161)', async () => {
  const port = await freePort()
  const { code, text, runs } = await systemTest(['--quick', '--no-redis', ...SHORT], {
    env: { REDIS_PORT: String(port) },
  })
  assert.equal(code, 3, text)
  assert.match(
    text,
    new RegExp(`there is no Redis for --no-redis at 127\\.0\\.0\\.1:${port}\n.*ECONNREFUSED`),
  )
  assert.match(text, new RegExp(`redis-server --port ${port}\n`))
  assert.match(text, /leave --no-redis out/)
  assert.deepEqual(runs, [])
})

/** Keys of others: as the exporter would call its own, of several types, with and without a TTL, in two databases. */
async function openDecoys({ client }: Server) {
  await client.hset('gunicorn:counter:1:metric:decoy', { value: '7', original_key: '["requests"]' })
  await client.set('gunicorn:gauge_all:1:meta:decoy', 'x', 'EX', 5000)
  await client.set('shakedown-decoy', 'not below the prefix of any run')
  await client.rpush('yours', 'a', 'b')
  await client.select(3)
  await client.set('gunicorn:counter:1:metric:other', 'x', 'EX', 5000)
  await client.set('yours', 'of another database')
  await client.select(0)

  async function each<T>(look: (key: string, db: number) => Promise<T>): Promise<T[]> {
    const found: T[] = []
    for (const db of [0, 3]) {
      await client.select(db)
      for (const key of (await client.keys('*')).toSorted()) found.push(await look(key, db))
    }
    await client.select(0)
    return found
  }

  return {
    /** Values and deadlines of everything but what is the run's. */
    async dump() {
      const all = await each(async (key, db) => [
        db,
        key,
        await client.dump(key),
        await client.pexpiretime(key),
      ])
      return all.filter(([, key]) => !OWN.test(String(key)))
    },
    /** Keys of that name that never expire. */
    async lasting(name: RegExp) {
      const all = await each(async (key) =>
        name.test(key) && (await client.pttl(key)) === -1 ? key : undefined,
      )
      return all.filter((key) => key !== undefined)
    },
  }
}

/** Everything that is asked from now on, by the exporter and by the toolkit. */
async function listenTo({ address, client }: Server) {
  const own = String(await client.client('INFO')).match(/ addr=(\S+)/)?.[1]
  const options = { host: '127.0.0.1', port: portIn(address), protocol: 2, lazyConnect: true } as const
  const monitor = await new Redis({ ...options, retryStrategy: () => null }).monitor()
  const asked: string[][] = []
  monitor.on('monitor', (_time: string, words: string[], source: string) => {
    if (source !== own) asked.push(words)
  })
  return {
    stop() {
      monitor.disconnect()
      return asked
    },
  }
}

/** About own keys only, or about none: no MONITOR, CONFIG, FLUSH or KEYS, and nobody deletes anything. */
function isHarmless([name = '', ...words]: readonly string[]): boolean {
  const command = name.toUpperCase()
  if (WRITES.includes(command) || READS.includes(command)) return OWN.test(words[0] ?? '')
  if (command === 'SCAN') return words[1]?.toUpperCase() === 'MATCH' && OWN.test(words[2] ?? '')
  // What a command would touch is asked before it is sent, and touches nothing.
  if (command === 'COMMAND') return ['GETKEYS', 'INFO'].includes(words[0]?.toUpperCase() ?? '')
  return ['TIME', 'INFO', 'PING', 'SELECT'].includes(command)
}

function portIn(address: string): number {
  return Number(/:(\d+)/.exec(address)?.[1])
}
