import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createGlob } from '../../src/redis/glob.ts'
import { startServer } from './server.ts'

const CASES: readonly (readonly [pattern: string, key: string, matches: boolean])[] = [
  ['*', '', true],
  ['*', 'anything', true],
  ['gunicorn:*:metric:*', 'gunicorn:counter:17:metric:ab', true],
  ['gunicorn:*:metric:*', 'gunicorn:counter:17:meta:ab', false],
  ['user:?', 'user:1', true],
  ['user:?', 'user:12', false],
  ['user:?', 'user:é', false],
  ['user:??', 'user:é', true],
  ['[a-c]x', 'bx', true],
  ['[c-a]x', 'bx', true],
  ['[^a-c]x', 'bx', false],
  ['[^a-c]x', 'dx', true],
  ['[\\]]', ']', true],
  ['[ab', 'a', true],
  ['a\\*', 'a*', true],
  ['a\\*', 'ab', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['*a*b', 'xxbxxa', false],
  ['User', 'user', false],
]

test('patterns mean what they mean to Redis', () => {
  for (const [pattern, key, matches] of CASES)
    assert.equal(createGlob(pattern)(key), matches, `${pattern} ${key}`)
})

test('a pattern of many stars does not take for ever', () => {
  assert.equal(createGlob(`${'*a'.repeat(50)}b`)('a'.repeat(5000)), false)
})

// No umlauts in these patterns: whether a range of bytes above 127 counts up or down depends on the server's processor.
test('a real server finds the same keys for any pattern', async () => {
  await using server = await startServer()
  const piece = fc.constantFrom('a', 'b', 'c', '*', '?', '[', ']', '^', '-', '\\', 'x')
  const pattern = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''))
  const key = fc.array(fc.constantFrom('a', 'b', 'c', '[', ']', '-', '^', '\\', '*', 'é'), {
    minLength: 1,
    maxLength: 5,
  })
  await fc.assert(
    fc.asyncProperty(
      pattern,
      fc.uniqueArray(
        key.map((parts) => parts.join('')),
        { minLength: 1, maxLength: 20 },
      ),
      async (glob, names) => {
        await server.client.flushall()
        await server.client.mset(...names.flatMap((name) => [name, 'x']))
        assert.deepEqual(
          names.filter(createGlob(glob)).toSorted(),
          (await server.client.keys(glob)).toSorted(),
        )
      },
    ),
    { numRuns: 500 },
  )
})
