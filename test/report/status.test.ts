import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { createStatus } from '../../src/report/console/status.ts'
import { createStyle } from '../../src/report/console/style.ts'
import { eventsOf, LOGS } from './rendering.ts'
import { createStream } from './stream.ts'

const style = createStyle({ colors: false, unicode: true })

function statusAfter(events: readonly Event[], now: number): readonly string[] {
  const status = createStatus(style, ({ scenario, isShared }) => (isShared ? `${scenario} ` : ''))
  for (const event of events) status.hear(event)
  return status.lines((events[0]?.time ?? 0) + now, 60)
}

test('it shows the innermost step with its age, what boots, and what is waited for with what was seen last', () => {
  const where = { scenario: '1', step: '1.1' }
  const stream = createStream().scenario('1 a story', [0, 9000]).step('1.1 a step', [1000, 8000])
  const begun = stream.events.filter(({ kind }) => kind.endsWith(':start'))
  assert.deepEqual(statusAfter(begun, 3400), ['▸ a step  2s'])
  const boot = createStream().at(
    1500,
    { kind: 'service:starting', service: 'web', driver: 'process', command: [], after: [] },
    where,
  )
  assert.deepEqual(statusAfter([...begun, ...boot.events], 3400), ['▸ a step  2s  starting web 1s'])
  const wait = createStream().at(
    2000,
    { kind: 'wait:progress', what: 'x: 1', milliseconds: 5000, last: '0' },
    where,
  )
  assert.deepEqual(statusAfter([...begun, ...wait.events], 135_000), [
    '▸ a step  2m 14s  saw 0, waits for x: 1',
  ])
})

test('a scenario that is over has no line, and while its services stop it has one', () => {
  const stopping = { kind: 'service:stopping', service: 'web', signal: 'SIGTERM' } as const
  const stream = createStream().scenario('1 a story', [0, 100])
  assert.deepEqual(statusAfter([...stream.events, ...createStream().at(110, stopping).events], 200), [
    'stopping web',
  ])
  assert.deepEqual(statusAfter(stream.events, 200), [])
})

test('scenarios that run side by side have a line each, and keep their numbers until the last has ended', () => {
  const stream = createStream().scenario('1 one', [0, 500]).scenario('2 two', [10, 300])
  const until = (end: number) =>
    stream.events.filter(({ time }) => time - (stream.events[0]?.time ?? 0) <= end)
  assert.deepEqual(statusAfter(until(200), 200), ['1 ▸ one  0s', '2 ▸ two  0s'])
  assert.deepEqual(statusAfter(until(400), 400), ['1 ▸ one  0s'])
  assert.deepEqual(statusAfter(until(500), 500), [])
})

for (const log of LOGS) {
  test(`after the ${log} run it shows nothing any more, unless the run did not end`, async () => {
    const events = await eventsOf(log)
    const isOver = !['abrupt', 'interrupted', 'hostile'].includes(log)
    assert.equal(statusAfter(events, 0).length === 0, isOver)
  })
}
