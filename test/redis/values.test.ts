import assert from 'node:assert/strict'
import { test } from 'node:test'
import { above } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import { keys } from '../../src/redis/keys.ts'
import { hash, hashes, info, memory, type } from '../../src/redis/values.ts'
import { startServer } from './server.ts'

test('hashes, types and sizes are readings like any other', async () => {
  await using server = await startServer()
  await server.client.hset('m:1', { value: 1, timestamp: 2 })
  await server.client.hset('m:2', { value: 3 })
  await server.client.set('s', 'x')
  await expect(hash(server.own, 'm:1')).toEqual({ value: '1', timestamp: /^\d+$/ })
  await expect(hash(server.own, 'm:1')).toMatch({ value: '1' })
  assert.deepEqual(
    [...(await hashes(server.own, 'm:*').read())],
    [
      ['m:1', { value: '1', timestamp: '2' }],
      ['m:2', { value: '3' }],
    ],
  )
  await expect(type(server.own, 'm:1')).toBe('hash')
  await expect(type(server.own, 'nothing')).toBe('none')
  await expect(keys(server.own, '*')).toEqual(['m:1', 'm:2', 's'])
  await expect(keys(server.own, 'm:*')).toHaveSize(above(1))
})

test('more keys than one round of SCAN gives are all found, each once, sorted', async () => {
  await using server = await startServer()
  const names = Array.from({ length: 5000 }, (_, index) => `k:${String(index).padStart(4, '0')}`)
  await server.client.mset(...names.flatMap((name) => [name, 'x']))
  assert.deepEqual(await keys(server.own, 'k:*').read(), names)
})

test('the server tells its memory, in bytes, and the rest', async () => {
  await using server = await startServer()
  await expect(memory(server.own)).toBe(above(100_000))
  assert.equal((await info(server.own, 'server').read())['redis_mode'], 'standalone')
  assert.ok('used_memory' in (await info(server.own).read()))
})

test('a hash that is not there, or something else, is told by name', async () => {
  await using server = await startServer()
  await server.client.set('s', 'x')
  await assert.rejects(hash(server.own, 'm:1').read(), /there is no key m:1 in redis/)
  await assert.rejects(hash(server.own, 's').read(), /Redis refused HGETALL s: WRONGTYPE/)
  await assert.rejects(hashes(server.own, '*').read(), /Redis refused HGETALL s: WRONGTYPE/)
})

test('another database is another one', async () => {
  await using server = await startServer()
  await server.client.select(2)
  await server.client.hset('m:1', { value: 1 })
  await expect(keys(server.own, '*', { db: 2 })).toEqual(['m:1'])
  await expect(keys(server.own, '*')).toEqual([])
  await expect(hash(server.own, 'm:1', { db: 2 })).toEqual({ value: '1' })
})
