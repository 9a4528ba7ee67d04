import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requirements } from '../../src/report/requirements.ts'
import { eventsOf } from './rendering.ts'
import { createStream, failure } from './stream.ts'

test('requirements are told in the order of their numbers, with what became of them', async () => {
  const found = requirements(await eventsOf('parallel'))
  assert.deepEqual(
    [...found].map(([id, { outcome }]) => `${id} ${outcome}`),
    [
      'GUN-077 passed',
      'GUN-090 passed',
      'GUN-101 skipped',
      'GUN-102 skipped',
      'GUN-129 passed',
      'GUN-135 passed',
      'GUN-136 failed',
      'GUN-139 failed',
      'GUN-150 passed',
      'GUN-152 passed',
    ],
  )
  assert.equal(found.get('GUN-101')?.reason, 'not looked at in quick')
  assert.deepEqual(
    found.get('GUN-129')?.steps.map(({ script }) => script),
    ['e2e/integration/exporter/redis.mts', 'e2e/integration/exporter/files.mts'],
  )
})

test('of several steps the failed one decides, and one that passed outweighs one that was left out', () => {
  const stream = createStream()
    .scenario('1 a story', [0, 100])
    .step('1.1 one', [1, 2], { proves: ['R-2', 'R-10', 'R-10'] })
    .step('1.2 two', [3, 4], { proves: ['R-2'], outcome: 'failed', error: failure('too little') })
    .step('1.3 three', [5, 6], { proves: ['R-3'], outcome: 'skipped', reason: 'no time' })
    .at(6, { kind: 'skip', what: 'three', reason: 'no time', proves: ['R-3'] }, { scenario: '1' })
    .at(7, { kind: 'skip', what: 'four', reason: 'not in quick', proves: ['R-10'] }, { scenario: '1' })
  const found = requirements(stream.events)
  assert.deepEqual(
    [...found].map(([id, { outcome, reason, steps }]) => [id, outcome, reason, steps.length]),
    [
      ['R-2', 'failed', 'too little', 2],
      ['R-3', 'skipped', 'no time', 1],
      ['R-10', 'passed', 'not in quick', 2],
    ],
  )
})

test('a step that never came to its end has proven nothing', () => {
  const stream = createStream()
    .scenario('1 a story', [0, 100])
    .step('1.1 one', [1, 50], { proves: ['R-1'] })
  const cut = stream.events.filter(({ kind }) => kind.endsWith(':start'))
  assert.equal(requirements(cut).get('R-1')?.outcome, 'interrupted')
})
