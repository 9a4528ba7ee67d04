import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atLeast, atMost, within } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import { keys } from '../../src/redis/keys.ts'
import { ttl, ttls } from '../../src/redis/ttl.ts'
import { startServer } from './server.ts'
import { failureOf } from './story.ts'

test('every key has a TTL within the limit', async () => {
  await using server = await startServer()
  await server.client.set('token:1', 'x', 'EX', 50)
  await server.client.set('token:2', 'x', 'EX', 60)
  await expect(keys(server.own, 'token:*')).toHaveTtl('60s')
  await expect(keys(server.own, 'token:*')).toHaveTtl(atMost('1m'))
  await expect(keys(server.own, 'token:2')).toHaveTtl(within('10s', '60s'))
  await expect(ttl(server.own, 'token:1')).toBe(atMost('50s'))
  assert.deepEqual([...(await ttls(server.own, 'token:*').read()).keys()], ['token:1', 'token:2'])
})

test('keys with another TTL, or none, are listed by name', async () => {
  await using server = await startServer()
  await server.client.set('token:1', 'x', 'EX', 50)
  await server.client.set('token:2', 'x')
  await server.client.set('token:3', 'x', 'EX', 500)
  const text = await failureOf(expect(keys(server.own, 'token:*')).toHaveTtl('60s', { within: '50ms' }))
  assert.equal(
    text,
    `keys without the expected TTL: token:* in redis
  expected  every key with a TTL at most …
  last      2 of 3 keys wrong
            token:2: no TTL
            token:3: …
  waited    …, …
  at        test/redis/ttl.test.ts:…`,
  )
})

test('the deadlines of keys are those that the server has, and none for a key that stays', async () => {
  await using server = await startServer()
  await server.client.set('token:1', 'x', 'PXAT', Date.now() + 50_000)
  await server.client.set('token:2', 'x')
  await server.client.set('other', 'x')
  const deadlines = keys(server.own, 'token:*').deadlines()
  const first = await deadlines.read()
  assert.deepEqual([...first.keys()].toSorted(), ['token:1', 'token:2'])
  assert.equal(first.get('token:2'), 'none')
  assert.equal(first.get('token:1'), await server.client.pexpiretime('token:1'))
  await server.client.pexpire('token:1', 90_000)
  assert.equal((await deadlines.read()).get('token:1'), await server.client.pexpiretime('token:1'))
})

test('no key has no TTL: an empty set meets no claim', async () => {
  await using server = await startServer()
  const none = () => keys(server.own, 'token:*')
  for (const claim of [
    expect(none()).toHaveTtl('60s', { within: '50ms' }),
    expect(none()).toHaveTtl(atLeast('0s'), { within: '50ms' }),
    expect(none()).toHaveNoTtl({ within: '50ms' }),
  ]) {
    assert.match(await failureOf(claim), /last {6}no key/)
  }
})

test('a key without a TTL keeps to no bound', async () => {
  await using server = await startServer()
  await server.client.set('token:1', 'x')
  for (const bound of [atLeast('0s'), atMost('1000h')]) {
    const text = await failureOf(expect(keys(server.own, 'token:*')).toHaveTtl(bound, { within: '50ms' }))
    assert.match(text, /token:1: no TTL/)
  }
})

test('keys that stay are told from keys that go', async () => {
  await using server = await startServer()
  await server.client.set('token:1', 'x')
  await expect(keys(server.own, 'token:*')).toHaveNoTtl()
  await server.client.set('token:2', 'x', 'EX', 50)
  const text = await failureOf(expect(keys(server.own, 'token:*')).toHaveNoTtl({ within: '50ms' }))
  assert.match(text, /^keys with a TTL: token:\* in redis\n {2}expected {2}every key without a TTL\n/)
  assert.match(text, /1 of 2 keys wrong\n {12}token:2: …/)
})

test('the TTL of one key is nothing where there is no key, and where it has none', async () => {
  await using server = await startServer()
  await server.client.set('token:1', 'x')
  await assert.rejects(ttl(server.own, 'token:0').read(), /there is no key token:0 in redis/)
  await assert.rejects(ttl(server.own, 'token:1').read(), /token:1 has no TTL in redis/)
})

test('a claim waits for a TTL that comes in a second command', async () => {
  await using server = await startServer()
  await server.client.set('token:1', 'x')
  const claim = expect(keys(server.own, 'token:*')).toHaveTtl('60s', { within: '60s' })
  await keys(server.own, 'token:*').read()
  await server.client.expire('token:1', 50)
  await claim
})

test('a limit that nothing could keep to is refused', () => {
  assert.throws(
    () => expect(keys('h:1', 'p:*', { prefix: 'p:' })).toHaveTtl('0s'),
    /no key has a TTL of at most 0ms/,
  )
})
