import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect } from '../../src/expect/expect.ts'
import { keys } from '../../src/redis/keys.ts'
import { startServer } from './server.ts'
import { failureOf } from './story.ts'

test('every write moves the deadline of what it wrote', async () => {
  await using server = await startServer()
  const { client } = server
  for (const key of ['m:1', 'm:2', 'm:idle'])
    await client.multi().hset(key, 'value', 1).expire(key, 50).exec()
  const written = await keys(server.own, 'm:*').fromNow()
  assert.deepEqual(await written.read(), [])
  await client.multi().hincrby('m:1', 'value', 1).expire('m:1', 55).exec()
  await client.multi().hset('m:new', 'value', 1).expire('m:new', 50).exec()
  assert.deepEqual(await written.read(), ['m:1', 'm:new'])
  await expect(written).toBeRefreshed()
})

test('a TTL that is set once and never refreshed is found out, by name', async () => {
  await using server = await startServer()
  const { client } = server
  for (const key of ['m:1', 'm:2', 'm:3']) await client.multi().hset(key, 'value', 1).expire(key, 50).exec()
  const written = await keys(server.own, 'm:*').fromNow()
  await client.hincrby('m:1', 'value', 1)
  await client.multi().hincrby('m:2', 'value', 1).expire('m:2', 55).exec()
  await client.multi().hincrby('m:3', 'value', 1).persist('m:3').exec()
  assert.equal(
    await failureOf(expect(written).toBeRefreshed({ within: '50ms' })),
    `keys were written and not refreshed: m:* in redis
  expected  every key that was written to expire later than before
  last      2 of 3 written keys not refreshed
            m:1: its deadline did not move
            m:3: no TTL
  waited    …, …
  at        test/redis/refresh.test.ts:…`,
  )
})

test('where nothing was written nothing was refreshed', async () => {
  await using server = await startServer()
  await server.client.multi().hset('m:1', 'value', 1).expire('m:1', 50).exec()
  const written = await keys(server.own, 'm:*').fromNow()
  await server.client.expire('m:1', 55)
  const text = await failureOf(expect(written).toBeRefreshed({ within: '50ms' }))
  assert.match(text, /last {6}no key was written since then/)
})

test('a deadline that moves towards now is no refresh', async () => {
  await using server = await startServer()
  await server.client.multi().hset('m:1', 'value', 1).expire('m:1', 50).exec()
  const written = await keys(server.own, 'm:*').fromNow()
  await server.client.multi().hincrby('m:1', 'value', 1).expire('m:1', 40).exec()
  const text = await failureOf(expect(written).toBeRefreshed({ within: '50ms' }))
  assert.match(text, /m:1: expires … earlier than before/)
})
