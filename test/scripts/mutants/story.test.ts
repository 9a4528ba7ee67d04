import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFirstFailure } from '../../../scripts/mutants/story.ts'
import { makeFolder } from '../project.ts'

const MESSAGE = `metric did not rise: requests_total
  expected  to rise by 3
  last      rose by 6
            (before that: rose by 3)
  waited    10.0s, 4 reads`

const EVENTS = [
  { kind: 'scenario:start', id: '1', script: 'e2e/shop.mts', time: 1, title: 'a shop' },
  { kind: 'step:end', scenario: '1', script: 'e2e/shop.mts', time: 2, title: 'opens', outcome: 'passed' },
  {
    kind: 'step:end',
    scenario: '1',
    script: 'e2e/shop.mts',
    time: 3,
    title: 'counts',
    outcome: 'failed',
    proves: ['GUN-129'],
    error: { title: 'metric did not rise: requests_total', message: MESSAGE },
  },
  { kind: 'leak', script: 'e2e/shop.mts', time: 4, what: 'a process', detail: 'sleep 3600' },
]

const fold = (events: readonly object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('')

test('tells the first failure of a run: where, what was seen, and which promise is broken', async () => {
  await using folder = await makeFolder({ '2026-quick/events.ndjson': fold(EVENTS) })
  assert.deepEqual(readFirstFailure(folder.path), {
    where: 'shop › a shop › counts',
    title: 'metric did not rise: requests_total',
    seen: 'expected to rise by 3 · last rose by 6 (before that: rose by 3)',
    message: MESSAGE,
    proves: ['GUN-129'],
    time: 3,
  })
})

test('of two lists it tells what differs', async () => {
  const message = `not as expected: ports
  expected  [ 1, 2, 3 ]
  last      [ 1, 2, 4 ]
  hint      missing: 3
            not expected: 4`
  const failed = { kind: 'step:end', script: 'a.mts', time: 1, title: 'listens', outcome: 'failed' }
  const event = { ...failed, error: { title: 'not as expected: ports', message } }
  await using folder = await makeFolder({ '2026-quick/events.ndjson': fold([event]) })
  assert.equal(readFirstFailure(folder.path)?.seen, 'missing: 3 · not expected: 4')
})

test('what is left behind is a failure, too', async () => {
  await using folder = await makeFolder({ '2026-quick/events.ndjson': fold(EVENTS.slice(3)) })
  const failure = readFirstFailure(folder.path)
  assert.equal(failure?.where, 'shop › leak')
  assert.equal(failure?.title, 'a process sleep 3600')
})

test('a line that is half written is not read', async () => {
  await using folder = await makeFolder({
    '2026-quick/events.ndjson': fold(EVENTS.slice(0, 2)).slice(0, -10),
  })
  assert.equal(readFirstFailure(folder.path), undefined)
})
