import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { divide, nameDivision, readShard } from '../../src/cli/shard.ts'
import { UsageError } from '../../src/error.ts'

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 40 })
const suites = names.chain((scripts) =>
  fc.record({
    scripts: fc.constant(scripts),
    lengths: fc.array(fc.oneof(fc.constant(0), fc.nat(1000), fc.double({ min: 0, max: 1e6, noNaN: true })), {
      minLength: scripts.length,
      maxLength: scripts.length,
    }),
    total: fc.integer({ min: 1, max: scripts.length }),
    shuffled: fc.shuffledSubarray(scripts, { minLength: scripts.length, maxLength: scripts.length }),
  }),
)

function lengthsOf(scripts: readonly string[], lengths: readonly number[]): (script: string) => number {
  const known = new Map(scripts.map((script, index) => [script, lengths[index] ?? 0]))
  return (script) => known.get(script) ?? Number.NaN
}

describe('shards', () => {
  test('have every script exactly once, and none is empty', () => {
    fc.assert(
      fc.property(suites, ({ scripts, lengths, total }) => {
        const parts = divide(scripts, total, lengthsOf(scripts, lengths))
        assert.equal(parts.length, total)
        assert.deepEqual(parts.flat().sort(), [...scripts].sort())
        assert.ok(parts.every((part) => part.length > 0))
      }),
    )
  })

  test('are the same on every machine, in whatever order the scripts are found', () => {
    fc.assert(
      fc.property(suites, ({ scripts, lengths, total, shuffled }) => {
        const lengthOf = lengthsOf(scripts, lengths)
        const [one, other] = [divide(scripts, total, lengthOf), divide(shuffled, total, lengthOf)]
        assert.deepEqual(one, other)
        assert.equal(nameDivision(one), nameDivision(other))
      }),
    )
  })

  test('are balanced: the longest takes no more than the mean and one script beyond it', () => {
    fc.assert(
      fc.property(suites, ({ scripts, lengths, total }) => {
        const lengthOf = lengthsOf(scripts, lengths)
        const sums = divide(scripts, total, lengthOf).map((part) =>
          part.reduce((sum, script) => sum + lengthOf(script), 0),
        )
        const mean = sums.reduce((sum, one) => sum + one, 0) / total
        assert.ok(Math.max(...sums) <= mean + Math.max(...lengths) + 1e-6 * mean)
      }),
    )
  })

  test('another division has another name', () => {
    assert.notEqual(nameDivision([['a', 'b'], ['c']]), nameDivision([['a'], ['b', 'c']]))
  })

  test('are written 1/3 to 3/3, and need a script each', () => {
    assert.deepEqual(readShard('2/3'), { index: 2, total: 3 })
    assert.equal(readShard(undefined), undefined)
    for (const text of ['0/3', '4/3', '3', '1/0', 'a/b', '1/3/4', '-1/3', '01/3'])
      assert.throws(() => readShard(text), UsageError, text)
    assert.throws(
      () => divide(['a', 'b'], 3, () => 1),
      (error) => error instanceof UsageError && /2 scripts cannot .* 3 shards\n.*1\/2/.test(error.message),
    )
  })
})
