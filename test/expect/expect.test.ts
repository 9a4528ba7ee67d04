import assert from 'node:assert/strict'
import { test } from 'node:test'
import { period } from '../../src/duration.ts'
import { Failure, UsageError } from '../../src/error.ts'
import { about, above, atLeast, atMost, below, oneOf, within } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import type { Reading } from '../../src/wait/reading.ts'
import { failureOf } from '../failure.ts'

function readingOf<T>(...values: readonly T[]): Reading<T> {
  let index = 0
  return {
    describe: 'a reading',
    read: async () => {
      const value = values[Math.min(index, values.length - 1)]
      index += 1
      if (value === undefined) throw new Error('nothing there yet')
      return value
    },
  }
}

test('a value is looked at once', () => {
  expect(200).toBe(200)
  assert.throws(() => expect(404).toBe(200), Failure)
})

test('toBe compares by structure: what readings give has no identity', () => {
  expect([1, { a: 2 }]).toBe([1, { a: 2 }])
  assert.throws(() => expect([1]).toBe([2]), Failure)
})

test('a reading is looked at until it holds', async () => {
  await expect(readingOf(1, 2, 3)).toBe(3)
  await expect(readingOf('down', 'up')).toBe('up')
})

test('a reading may be expected to be what another one is; both are read at each look', async () => {
  await expect(readingOf(1, 2, 3)).toBe(readingOf(7, 5, 3))
  const failure = await failureOf(expect(readingOf(1)).toBe(readingOf(2), { within: '30ms' }))
  assert.match(failure.message, /expected {2}what a reading is\n/)
  assert.match(failure.message, /hint {6}a reading was 2/)
})

test('bounds stand where a value could, at the top and deep inside', async () => {
  await expect(readingOf(1, 5)).toBe(atLeast(5))
  expect(period(20)).toBe(below('50ms'))
  expect(5).toBe(within(1, 5))
  expect(103).toBe(about(100, 0.05))
  expect('b').toBe(oneOf('a', 'b'))
  expect({ n: 3, rest: 'x' }).toMatch({ n: above(2) })
  assert.throws(() => expect(period(50)).toBe(below('50ms')), Failure)
  assert.throws(() => expect(106).toBe(about(100, 0.05)), Failure)
  expect(5).toBe(atMost(5))
  assert.throws(() => expect(6).toBe(atMost(5)), Failure)
})

test('NaN and values of another kind keep to no bound', () => {
  assert.throws(() => expect(Number.NaN).toBe(atLeast(0)), Failure)
  assert.throws(() => expect<unknown>('7').toBe(atLeast(0)), Failure)
  assert.throws(() => expect<unknown>(7).toBe(below('1h')), Failure)
})

test('limits that nothing can keep to, or everything does, are mistakes', () => {
  assert.throws(() => within(5, 1), UsageError)
  assert.throws(() => above(Number.NaN), UsageError)
  assert.throws(() => oneOf(), UsageError)
  assert.throws(() => expect({}).toMatch({}), UsageError)
  assert.throws(() => expect('x').toContain(''), UsageError)
  assert.throws(() => expect([1]).toBeDisjointFrom([]), UsageError)
  assert.throws(() => expect(1).toBe(Number.NaN), UsageError)
})

test('nothing is defined, sized or disjoint by not being there', () => {
  assert.throws(() => expect(undefined).toBeDefined(), Failure)
  assert.throws(() => expect(null).toBeDefined(), Failure)
  assert.throws(() => expect(Number.NaN).toBeDefined(), Failure)
  assert.throws(() => expect<readonly number[]>([]).toBeDisjointFrom([1]), Failure)
  assert.throws(() => expect(new Map([[1, 2]])).toHaveSize(2), Failure)
})

test('toMatch takes patterns, and says which part differs and what there was', () => {
  expect({ json: { id: 'a', n: 1, list: [1, 2] }, status: 200 }).toMatch({
    json: { id: String, n: Number, list: [1, 2] },
  })
  assert.throws(
    () => expect({ json: { id: 4 }, status: 200 }).toMatch({ json: { id: String, name: /x/ } }),
    (error: unknown) => {
      assert.ok(error instanceof Failure)
      assert.match(
        error.message,
        /json\.id: expected any string, saw 4\n.*json\.name: expected \/x\/, saw nothing \(there is: id\)/,
      )
      return true
    },
  )
})

test('toEqual is about the whole value', () => {
  expect({ a: 1 }).toEqual({ a: Number })
  assert.throws(() => expect({ a: 1, b: 2 }).toEqual({ a: 1 }), /b: expected nothing, saw 2/)
})

test('a sticky pattern does not change between looks', async () => {
  const pattern = /x/g
  pattern.lastIndex = 5
  expect('x').toMatch(pattern)
  expect('x').toMatch(pattern)
})

test('a promise is refused, with what to do', () => {
  assert.throws(() => expect(Promise.resolve(1)), /pass the reading itself/)
})

test('a failed wait tells its whole story and points at the line of the script', async () => {
  const failure = await failureOf(expect(readingOf(12, 60, 108)).toBe(112, { within: '2s' }))
  const [title, expected, last, waited, at] = failure.message.split('\n')
  assert.equal(title, 'not as expected: a reading')
  assert.equal(expected, '  expected  112')
  assert.equal(last, '  last      108')
  assert.match(waited ?? '', /^ {2}waited {4}[\d.]+s, \d+ reads: 12 → 60 → 108( ×\d+)?$/)
  assert.match(at ?? '', /^ {2}at {8}test\/expect\/expect\.test\.ts:\d+$/)
  assert.match(failure.stack ?? '', /expect\.test\.ts:\d+:\d+/)
})

test('reads that failed on the way are counted in a hint', async () => {
  let looks = 0
  const reading = {
    describe: 'flaky page',
    read: async () => {
      looks += 1
      if (looks === 2) throw new Error('503 from http://127.0.0.1:1/metrics')
      return looks
    },
  }
  const failure = await failureOf(expect(reading).toBe(-1, { within: '2s' }))
  assert.match(failure.message, /hint {6}1 of the reads failed: 503 from/)
})

test('a value that can only rise fails as soon as it passed the target', async () => {
  const rising = { ...readingOf(1, 2, 5), phrasing: { failed: 'metric did not rise', rises: true } }
  const failure = await failureOf(expect(rising).toBe(4, { within: '1m' }))
  assert.match(failure.message, /it can only rise, and it passed 4/)
})
