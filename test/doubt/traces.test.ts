import assert from 'node:assert/strict'
import { test } from 'node:test'
import { turnsUp } from '../../src/doubt/traces.ts'
import type { EventOf } from '../../src/event.ts'

function recorded(part: Partial<EventOf<'doubt:reading'>>): EventOf<'doubt:reading'> {
  const place = { story: 'a shop', step: '', at: 'shop.mts:1', column: 1 }
  const claim = {
    what: '',
    matcher: 'toBe',
    expected: '',
    reading: '',
    of: 'value',
    lies: [],
    milliseconds: 1,
  }
  return {
    kind: 'doubt:reading',
    time: 0,
    script: 'shop.mts',
    place,
    isRead: false,
    seen: '',
    ...claim,
    ...part,
  }
}

test('what is read turns up in a claim as its value, or in what is expected; short texts only as they are', () => {
  const read = (trace: string) => recorded({ isRead: true, traces: [trace] })
  assert.equal(turnsUp(read('5'), [recorded({ seen: '5' })]), true)
  assert.equal(turnsUp(read('5'), [recorded({ seen: '15', expected: 'at most 5' })]), false)
  assert.equal(turnsUp(read('5242880'), [recorded({ expected: 'at most 5242880' })]), true)
  assert.equal(turnsUp(read('5242880'), [recorded({ expected: 'at most 52428801' })]), false)
  assert.equal(turnsUp(read('"open"'), []), false)
})
