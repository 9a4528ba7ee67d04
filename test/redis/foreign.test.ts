import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Redis } from 'ioredis'
import { expect } from '../../src/expect/expect.ts'
import { command } from '../../src/redis/command.ts'
import { deletions } from '../../src/redis/deletions.ts'
import { keys } from '../../src/redis/keys.ts'
import { ttl, ttls } from '../../src/redis/ttl.ts'
import { hash, hashes, info, memory, type } from '../../src/redis/values.ts'
import { type Server, startServer } from './server.ts'
import { failureOf } from './story.ts'

const MINE = { prefix: 'mine:' }

/** Everything that anybody asks of the server from now on, but for what the test itself asks. */
async function spy(server: Server): Promise<{ seen: string[][]; close(): void }> {
  const seen: string[][] = []
  const port = Number(server.address.split(':')[1])
  const options = {
    host: '127.0.0.1',
    port,
    protocol: 2,
    lazyConnect: true,
    retryStrategy: () => null,
  } as const
  const monitor = await new Redis(options).monitor()
  const own = String(await server.client.client('INFO')).match(/ addr=(\S+)/)?.[1]
  monitor.on('monitor', (_time: string, words: string[], source: string) => {
    if (source !== own) seen.push(words)
  })
  return { seen, close: () => monitor.disconnect() }
}

test('in a Redis that others use nothing of theirs is read, changed or subscribed to', async () => {
  await using server = await startServer()
  const { client, address } = server
  await client.mset('yours:1', 'secret', 'mine', 'not below the prefix')
  await client.hset('yours:hash', { value: 'secret' })
  await client.set('yours:2', 'secret', 'EX', 100)
  const decoys = await dump(client)
  const config = await client.config('GET', '*')
  const { seen, close } = await spy(server)

  await client.hset('mine:hash', { value: 1 })
  await client.set('mine:1', 'x', 'PX', 1500)
  await expect(keys(address, 'mine:1*', MINE)).toExpire({ within: '60s', deletions: 0 })
  await client.set('mine:1', 'x', 'EX', 50)
  const written = await keys(address, 'mine:*', MINE).fromNow()
  await client.set('mine:1', 'y', 'EX', 55)
  await expect(written).toBeRefreshed()
  await expect(keys(address, 'mine:*', MINE)).toEqual(['mine:1', 'mine:hash'])
  await expect(keys(address, 'mine:1', MINE)).toHaveTtl('60s')
  await expect(deletions(address, 'mine:*', MINE)).toHaveSize(0)
  await hash(address, 'mine:hash', MINE).read()
  await hashes(address, 'mine:h*', MINE).read()
  await type(address, 'mine:1', MINE).read()
  await ttl(address, 'mine:1', MINE).read()
  await ttls(address, 'mine:*', MINE).read()
  await memory(address, MINE).read()
  await info(address, 'server', MINE).read()

  close()
  assert.ok(seen.length > 20)
  for (const [name = '', ...words] of seen)
    assert.ok(isHarmless(name.toUpperCase(), words), [name, ...words].join(' '))
  assert.deepEqual(await client.config('GET', '*'), config)
  await client.del('mine:1', 'mine:hash')
  assert.deepEqual(await dump(client), decoys)
})

/** Reads of own keys, SCAN for them only, and what concerns no key. */
function isHarmless(name: string, words: readonly string[]): boolean {
  if (['PEXPIRETIME', 'PTTL', 'TYPE', 'HGETALL', 'DUMP'].includes(name))
    return words.every((key) => key.startsWith('mine:'))
  if (name === 'SCAN') return words[1]?.toUpperCase() === 'MATCH' && words[2]?.startsWith('mine:') === true
  return ['TIME', 'INFO'].includes(name)
}

async function dump(client: Redis): Promise<unknown> {
  const names = (await client.keys('*')).toSorted()
  return Promise.all(
    names.map(async (name) => [name, await client.dump(name), await client.pexpiretime(name)]),
  )
}

test('deletions are found without being told: gone before its deadline', async () => {
  await using server = await startServer()
  const visitors = keys(server.address, 'mine:*', MINE)
  await server.client.mset('mine:1', 'x', 'mine:2', 'x', 'yours:1', 'x')
  for (const key of ['mine:1', 'mine:2', 'yours:1']) await server.client.expire(key, 50)
  await visitors.read()
  await server.client.del('mine:1', 'yours:1')
  assert.equal(
    await failureOf(expect(visitors).toExpire({ within: '60s', deletions: 0 })),
    `keys did not expire by themselves: mine:* in ${server.address}
  expected  every key to expire by itself within …, none ever deleted
  last      mine:1: gone, nobody saw how, at least … before its deadline
  waited    …, …
  at        test/redis/foreign.test.ts:…`,
  )
  const [found, ...others] = await deletions(server.address, 'mine:*', MINE).read()
  assert.deepEqual([found?.command, found?.key, others.length], ['unknown', 'mine:1', 0])
})

test('a key that was seen once and is deleted before the claim is found out', async () => {
  await using server = await startServer()
  const visitors = keys(server.address, 'mine:*', MINE)
  await server.client.set('mine:1', 'x', 'EX', 50)
  await server.client.set('mine:2', 'x', 'PX', 2500)
  await expect(deletions(server.address, 'mine:*', MINE)).toHaveSize(0, { within: '60s' })
  await server.client.del('mine:1')
  const text = await failureOf(expect(visitors).toExpire({ within: '60s', deletions: 0 }))
  assert.match(text, /mine:1: gone, nobody saw how/)
})

test('other commands are sent only where the server itself calls them reads of own keys', async () => {
  await using server = await startServer()
  const { client } = server
  await client.mset('yours:1', 'secret', 'mine:1', 'x')
  const foreign = await startForeign(server)
  const refused = [
    'SET mine:1 y',
    'GETDEL mine:1',
    'GET yours:1',
    'MGET mine:1 yours:1',
    'KEYS *',
    'RANDOMKEY',
    'SCAN 0',
  ]
  const more = [
    'FLUSHALL',
    'CONFIG SET hz 500',
    'CONFIG GET *',
    'MONITOR',
    'DBSIZE',
    'SHUTDOWN',
    'EVAL x 0',
    'SORT mine:1 BY yours:*',
  ]
  for (const line of [...refused, ...more]) {
    const [name = '', ...words] = line.split(' ')
    await assert.rejects(
      command(foreign, name, ...words).read(),
      /is not sent to a Redis that others use/,
      line,
    )
  }
  assert.equal(await command(foreign, 'GET', 'mine:1').read(), 'x')
  assert.deepEqual(await command(foreign, 'MGET', 'mine:1', 'mine:2').read(), ['x', null])
  assert.equal(await command(foreign, 'PING').read(), 'PONG')
  assert.equal(await client.get('yours:1'), 'secret')
})

async function startForeign(server: Server) {
  const { createReference } = await import('../../src/reference.ts')
  const { grantAccess } = await import('../../src/redis/access.ts')
  const reference = createReference('their redis', [{ name: 'their redis' }], () => server.address)
  grantAccess(reference, { own: false, prefix: 'mine:' })
  return reference
}
