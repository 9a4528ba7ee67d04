import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect } from '../../src/expect/expect.ts'
import { deletions } from '../../src/redis/deletions.ts'
import { keys } from '../../src/redis/keys.ts'
import { startServer } from './server.ts'

test('every deletion since the beginning is known, with its time, command and key', async () => {
  await using server = await startServer()
  const began = Date.now()
  await keys(server.own, '*').read()
  await server.client.mset('user:1', 'x', 'user:2', 'x', 'user:3', 'x', 'guest:1', 'x')
  await server.client.del('user:1')
  await server.client.unlink('guest:1')
  await server.client.rename('user:2', 'member:2')
  const found = await deletions(server.own, 'user:*').read()
  assert.deepEqual(
    found.map(({ command, key }) => [command, key]),
    [
      ['del', 'user:1'],
      ['rename', 'user:2'],
    ],
  )
  for (const { time } of found) assert.ok(time >= began - 1000 && time <= Date.now() + 1000)
  await expect(deletions(server.own, 'guest:*')).toHaveSize(1)
})

test('none were deleted: only where there was a key that could have been', async () => {
  await using server = await startServer()
  await server.client.set('user:1', 'x')
  await expect(deletions(server.own, 'user:*')).toHaveSize(0)
  await assert.rejects(
    async () => expect(deletions(server.own, 'users:*')).toHaveSize(0, { within: '50ms' }),
    /no key that matches users:\* was ever seen in redis/,
  )
})

test('expiry is no deletion', async () => {
  await using server = await startServer()
  const visitors = keys(server.own, 'user:*')
  await server.client.set('user:1', 'x', 'PX', 1000)
  await expect(visitors).toExpire({ within: '60s' })
  await expect(deletions(server.own, 'user:*')).toHaveSize(0)
})

test('what is evicted is gone, too', async () => {
  await using server = await startServer('--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-random')
  await keys(server.own, '*').read()
  const value = 'x'.repeat(10_000)
  for (let index = 0; index < 400; index += 1) await server.client.set(`big:${index}`, value)
  const found = await deletions(server.own, 'big:*').read()
  assert.ok(found.length > 0)
  assert.deepEqual([...new Set(found.map(({ command }) => command))], ['eviction'])
})

test('what the user asked the server to tell is still told', async () => {
  await using server = await startServer('--notify-keyspace-events', 'K$')
  await keys(server.own, '*').read()
  const [, classes = ''] = (await server.client.config('GET', 'notify-keyspace-events')) as string[] // name and value
  for (const one of 'KE$gxe') assert.ok(classes.includes(one), `${one} in ${classes}`)
})
