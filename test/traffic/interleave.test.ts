import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { interleave } from '../../src/traffic/interleave.ts'

function take(weights: Readonly<Record<string, number>>, count: number): string {
  const next = interleave(Object.entries(weights).map(([name, weight]) => ({ name, weight })))
  return Array.from({ length: count }, () => next().name).join('')
}

test('items come in turn, spread as evenly as their weights allow', () => {
  assert.equal(take({ a: 1 }, 3), 'aaa')
  assert.equal(take({ a: 1, b: 1 }, 6), 'ababab')
  assert.equal(take({ a: 2, b: 1 }, 6), 'abaaba')
  assert.equal(take({ a: 5, b: 1, c: 1 }, 7), 'aabacaa')
  assert.equal(take({ a: 0.2, b: 0.1 }, 6), 'abaaba')
})

test('each item comes in exact proportion: never one turn away from its share', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(weights, (list) => {
      const total = list.reduce((sum, weight) => sum + weight, 0)
      const next = interleave(list.map((weight, index) => ({ weight, index })))
      const counts = list.map(() => 0)
      for (let turn = 0; turn < 2 * total; turn += 1) {
        const { index } = next()
        counts[index] = (counts[index] ?? 0) + 1
      }
      assert.deepEqual(
        counts,
        list.map((weight) => 2 * weight),
      )
    }),
  )
})

test('nothing cannot be interleaved', () => {
  assert.throws(() => interleave([]), /nothing to interleave/)
})
