import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Happening } from '../../src/event.ts'
import { casesOf } from '../../src/report/cases.ts'
import { summarize } from '../../src/report/summary.ts'
import { createStream, wholeRun } from './stream.ts'

/** The leak check as the lists of tests have it: `passed nothing is left behind`. */
function checkIn(...told: readonly Happening[]): readonly string[] {
  const stream = createStream().scenario('1 a story', [0, 50])
  for (const happening of told) stream.at(60, happening)
  return casesOf(summarize(wholeRun(stream.events)))
    .filter(({ name }) => name === 'nothing is left behind')
    .flatMap(({ outcome, errors }) => [outcome, ...errors.map(({ message }) => message)])
}

test('the look for leaks is a result of its own, green or red', () => {
  assert.deepEqual(checkIn({ kind: 'leak:check', found: 0 }), ['passed'])
  assert.deepEqual(
    checkIn(
      { kind: 'leak', what: 'process 7', detail: 'sleep 60', ended: true },
      { kind: 'leak:check', found: 1 },
    ),
    ['failed', 'left behind: process 7\n  last      sleep 60 (ended now)'],
  )
})

test('where nobody looked there is no such result', () => {
  assert.deepEqual(checkIn(), [])
})
