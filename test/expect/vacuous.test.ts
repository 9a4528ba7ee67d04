import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Context, runInContext } from '../../src/context.ts'
import { UsageError } from '../../src/error.ts'
import { type EventOf, listen } from '../../src/event.ts'
import { above, atLeast, atMost, below } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import type { Reading } from '../../src/wait/reading.ts'

// No matcher may hold for everything, or because nothing was there. Each is tried with what could make it.

const soon = { within: '20ms' } as const

function readingOf<T>(value: T): Reading<T> {
  return { describe: 'a reading', read: async () => value }
}

function refuses(claim: () => unknown, message: RegExp): void {
  assert.throws(claim, (error) => error instanceof UsageError && message.test(error.message))
}

describe('a matcher that would hold for everything is a mistake', () => {
  test('toMatch and toContain with an empty pattern, also inside', () => {
    refuses(() => expect({ a: 1 }).toMatch({}), /an empty pattern matches everything\n/)
    refuses(() => expect({ a: 1 }).toMatch({ a: { b: {} } }), /an empty pattern matches everything: a\.b\n/)
    refuses(() => expect([{ a: 1 }]).toMatch([{}]), /an empty pattern matches everything: \[0\]\n/)
    refuses(() => expect([{ a: 1 }]).toContain({}), /an empty pattern matches everything/)
    refuses(() => expect('text').toContain(''), /every text contains an empty one/)
  })

  test('toHaveSize with a bound that every size keeps to', () => {
    refuses(() => expect([]).toHaveSize(atLeast(0)), /everything has a size of at least 0/)
    refuses(() => expect([]).toHaveSize(above(-1)), /everything has a size of above -1/)
    refuses(() => expect([]).toHaveSize(below(Number.POSITIVE_INFINITY)), /everything has a size/)
    refuses(() => expect([]).toHaveSize(-1), /not a size: -1/)
  })

  test('toBeDisjointFrom nothing, and toBe NaN', () => {
    refuses(() => expect([1]).toBeDisjointFrom([]), /every list is disjoint from an empty one/)
    refuses(() => expect(1).toBe(Number.NaN), /nothing is expected to be NaN/)
  })

  test('options that do not exist, so that what was meant is not looked at', async () => {
    const options: object = { withn: '5s' }
    await assert.rejects(
      Promise.resolve(expect(readingOf(1)).toBe(1, options)),
      /an expectation has no option withn\n.*did you mean within\?/,
    )
  })
})

describe('nothing holds because nothing is there', () => {
  test('an empty list is disjoint from none, a missing value has no size and keeps to no bound', async () => {
    const empty: readonly number[] = []
    assert.throws(() => expect(empty).toBeDisjointFrom([1]))
    assert.throws(() => expect([]).toHaveSize(above(0)))
    assert.throws(() => expect(Number.NaN).toBe(atMost(5)))
    assert.throws(() => expect(Number.NaN).toBe(above(5)))
    assert.throws(() => expect(Number.NaN).toBeDefined())
    await assert.rejects(Promise.resolve(expect(readingOf(Number.NaN)).toBe(below(5), soon)))
  })

  test('two readings without a value do not agree', async () => {
    const nothing = readingOf(Number.NaN)
    await assert.rejects(
      Promise.resolve(expect(nothing).toBe(readingOf(Number.NaN), soon)),
      /hint {6}a reading has no value/,
    )
  })

  test('a reading that cannot be read holds for nothing', async () => {
    const broken: Reading<number> = {
      describe: 'a page',
      read: async () => {
        throw new Error('connection refused')
      },
    }
    await assert.rejects(Promise.resolve(expect(broken).toBe(below(5), soon)), /last {6}connection refused/)
    await assert.rejects(Promise.resolve(expect(broken).toBeDefined(soon)))
  })
})

test('a claim that is broken off with its scenario is neither met nor missed', async () => {
  const claims: EventOf<'claim'>[] = []
  const stop = listen((event) => {
    if (event.kind === 'claim') claims.push(event)
  })
  const over = new AbortController()
  const context: Context = {
    scenario: '1',
    signal: over.signal,
    own: () => {},
    owe: () => {},
    countClaim: () => {},
    fail: () => {},
    workdir: () => '',
  }
  const claim = runInContext(context, () => expect(readingOf(1)).toBe(2, { within: '1m' }))
  over.abort(new Error('it is over'))
  await assert.rejects(Promise.resolve(claim), /it is over/)
  stop()
  assert.deepEqual(
    claims.map(({ met, aborted }) => ({ met, aborted })),
    [{ met: false, aborted: true }],
  )
})
