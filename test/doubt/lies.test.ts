import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Known, Outcome } from '../../src/doubt/lie.ts'
import { lieNamed, liesAbout } from '../../src/doubt/lies.ts'
import { period } from '../../src/duration.ts'
import { createAnswer } from '../../src/http/answer.ts'
import type { Kind } from '../../src/wait/sense.ts'

const NOTHING: Known = { first: undefined, since: undefined, matcher: 'toBe' }

/** The names of the lies about a value, the default first. */
function names(kind: Kind, value: unknown, known = NOTHING): readonly string[] {
  return liesAbout(kind, { value }, known).map(({ name }) => name)
}

/** What is told instead of the value. */
function told(kind: Kind, value: unknown, { lie, known = NOTHING }: { lie: string; known?: Known }): unknown {
  const truth: Outcome = { value }
  const outcome = lieNamed(kind, lie, { truth, known })?.tell(truth, known)
  return outcome !== undefined && 'value' in outcome ? outcome.value : outcome?.error.message
}

function snapshot(values: Readonly<Record<string, number>>) {
  const series = Object.entries(values).map(([kind, value]) => ({
    ...{ key: `sold ${kind}`, name: 'sold', labels: { kind }, value },
  }))
  return { series, began: 1, ended: 2, rises: true }
}

function valuesOf(seen: unknown): readonly number[] {
  const { series } = seen as ReturnType<typeof snapshot> // made of one
  return series.map(({ value }) => value)
}

describe('a lie', () => {
  test('says something else than the truth, or is none', () => {
    assert.deepEqual(names('record', 5), ['zero', 'doubled', 'missing'])
    assert.deepEqual(names('record', 0), ['one', 'missing'])
    assert.deepEqual(names('record', 'open'), ['other', 'missing'])
    assert.deepEqual(names('record', true), ['other', 'missing'])
    assert.deepEqual(names('record', ['a', 'b']), ['empty', 'one missing', 'missing'])
    assert.deepEqual(names('record', []), ['one', 'missing'])
    assert.deepEqual(names('record', {}), ['one', 'missing'])
    assert.deepEqual(names('record', { a: '1' }), ['other', 'none', 'missing'])
    assert.deepEqual(names('record', period(5)), ['hour', 'doubled', 'missing'])
  })

  test('is frozen only where something changed', () => {
    assert.deepEqual(names('record', 5, { ...NOTHING, first: 5 }).includes('frozen'), false)
    assert.equal(told('record', 5, { lie: 'frozen', known: { ...NOTHING, first: 4 } }), 4)
  })

  test('keeps to the mark of what is counted', () => {
    const known = { ...NOTHING, since: snapshot({ tea: 10 }) }
    const now = snapshot({ tea: 15, coffee: 2 })
    assert.equal(names('counted', now, known)[0], 'frozen')
    assert.deepEqual(valuesOf(told('counted', now, { lie: 'frozen', known })), [10])
    assert.deepEqual(valuesOf(told('counted', now, { lie: 'doubled', known })), [20, 4])
    assert.equal(names('counted', snapshot({ tea: 10 }), known)[0], 'one more')
    assert.deepEqual(valuesOf(told('counted', snapshot({ tea: 10 }), { lie: 'one more', known })), [11])
  })

  test('drops a label as an exporter that does not know it', () => {
    const seen = told('series', snapshot({ tea: 1, coffee: 2 }), { lie: 'label dropped' })
    assert.deepEqual(valuesOf(seen), [3])
  })

  test('is one where all series are zero, or there are none', () => {
    assert.deepEqual(valuesOf(told('series', snapshot({ tea: 0 }), { lie: 'one' })), [1])
    assert.deepEqual(valuesOf(told('series', snapshot({}), { lie: 'one' })), [1])
  })

  test('about an answer changes status and body, not the form', () => {
    const answer = createAnswer({ status: 200, headers: {}, text: 'ok', milliseconds: 1 })
    assert.deepEqual(names('answer', answer), ['nothing', 'status', 'empty'])
    const { status, text } = told('answer', answer, { lie: 'nothing' }) as typeof answer // made of one
    assert.deepEqual([status, text], [500, ''])
    const refused = { error: new Error('refused') }
    assert.deepEqual(
      liesAbout('answer', refused, NOTHING).map(({ name }) => name),
      ['answered'],
    )
  })

  test('about a command never prints nothing, about a pid is only that there is none', () => {
    const output = { code: 0, stdout: 'a b\nc\n', stderr: '' }
    assert.deepEqual(told('output', output, { lie: 'text' }), {
      code: 0,
      stdout: 'doubt\ndoubt\n',
      stderr: 'doubt',
    })
    assert.deepEqual(names('pid', 77), ['missing'])
    assert.deepEqual(told('children', [], { lie: 'one' }), [2 ** 30])
  })

  test('about expiry is that there is none', () => {
    const look = { look: { deadlines: new Map([['key', 5]]) }, calls: new Map() }
    assert.deepEqual(names('deadlines', look), ['none', 'doubled'])
    assert.deepEqual(names('ttl', new Map([['key', period(5)]])), ['none', 'doubled', 'empty'])
  })
})
