import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect } from '../../src/expect/expect.ts'
import { command } from '../../src/redis/command.ts'
import { startServer } from './server.ts'

test('any other command is a reading; what only reads is read again and again', async () => {
  await using server = await startServer()
  const { own } = server
  const claim = expect(command(own, 'llen', 'queue')).toBe(2, { within: '60s' })
  await command(own, 'RPUSH', 'queue', 'a', 7).read()
  await claim
  await expect(command(own, 'LRANGE', 'queue', 0, -1)).toEqual(['a', '7'])
  assert.equal(command(own, 'get', 'x').once, false)
  assert.equal(command(own, 'INCR', 'x').once, true)
  await expect(command(own, 'INCR', 'x')).toBe(1)
  assert.equal(await server.client.get('x'), '1')
})

test('what Redis refuses is told with the command', async () => {
  await using server = await startServer()
  await assert.rejects(
    command(server.own, 'LLEN').read(),
    /Redis refused LLEN: ERR wrong number of arguments/,
  )
  await assert.rejects(
    command(server.own, 'NONSENSE', 1).read(),
    /Redis refused NONSENSE 1: ERR unknown command/,
  )
})
