import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event, Happening } from '../../src/event.ts'
import { createStatus } from '../../src/report/console/status.ts'
import { createStyle } from '../../src/report/console/style.ts'
import { eventsOf, LOGS } from './rendering.ts'
import { createStream } from './stream.ts'

const style = createStyle({ colors: false, unicode: true })

function statusAfter(
  events: readonly Event[],
  now: number,
  room = { columns: 80, rows: 24 },
): readonly string[] {
  const status = createStatus(style, ({ scenario, isShared }) => (isShared ? `${scenario} ` : ''))
  for (const event of events) status.hear(event)
  return status.lines((events[0]?.time ?? 0) + now, room)
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
  assert.deepEqual(statusAfter([...begun, ...boot.events], 3400), ['▸ a step  2s', '  … web starts 1s'])
  const wait = createStream().at(
    2000,
    { kind: 'wait:progress', what: 'x: 1', milliseconds: 5000, last: '0' },
    where,
  )
  assert.deepEqual(statusAfter([...begun, ...wait.events], 135_000), [
    '▸ a step  2m 14s  saw 0, waits for x: 1',
  ])
  const bounded = createStream().at(
    2000,
    { kind: 'wait:progress', what: 'x: 1', milliseconds: 1000, last: '0', within: 9000 },
    where,
  )
  assert.deepEqual(statusAfter([...begun, ...bounded.events], 4000), [
    '▸ a step  3s  6s left, saw 0, waits for x: 1',
  ])
})

test('a scenario that is over has no line, and while its services stop it has one', () => {
  const stopping = { kind: 'service:stopping', service: 'web', signal: 'SIGTERM' } as const
  const stream = createStream().scenario('1 a story', [0, 100])
  assert.deepEqual(statusAfter([...stream.events, ...createStream().at(110, stopping).events], 200), [
    'stopping web',
    '  … web stops 0s',
  ])
  assert.deepEqual(statusAfter(stream.events, 200), [])
})

test('it shows every living service of a script, what it is doing and since when', () => {
  const stream = createStream().scenario('1 a story', [0, 99_000])
  const service = (at: number, service: string, happening: object) =>
    stream.at(at, { ...happening, service } as Happening, { scenario: '1' }) // why: each call spells out a whole kind
  for (const name of ['cache', 'web', 'shop', 'batch', 'late']) {
    service(100, name, { kind: 'service:starting', driver: 'process', command: [], after: [] })
    if (name !== 'late')
      service(1000, name, { kind: 'service:ready', milliseconds: 900, endpoints: {}, looks: 1 })
  }
  service(5000, 'web', { kind: 'service:signal', signal: 'SIGSTOP' })
  service(6000, 'shop', { kind: 'service:exit', code: 1, signal: null, expected: false })
  service(6000, 'batch', { kind: 'service:exit', code: 0, signal: null, expected: true })
  const begun = stream.events.filter(({ kind }) => kind !== 'scenario:end')
  const [, services] = statusAfter(begun, 8000)
  assert.equal(services, '  ↯ web is paused 3s  ! shop died 2s  … late starts 7s  ● cache 7s')
  assert.equal(
    statusAfter(begun, 8000, { columns: 50, rows: 24 })[1],
    '  ↯ web is paused 3s  ! shop died 2s  and 2 more',
  )
  service(7000, 'web', { kind: 'service:signal', signal: 'SIGCONT' })
  service(7500, 'cache', { kind: 'service:stopping', signal: 'SIGTERM' })
  const more = stream.events.filter(({ kind }) => kind !== 'scenario:end')
  assert.match(statusAfter(more, 8000)[1] ?? '', /… cache stops 0s .* ● web 1s$/)
  assert.equal(statusAfter(begun, 8000, { columns: 80, rows: 3 }).length, 1, 'no room')
})

test('it shows how far a load has come: by its time, or by its requests', () => {
  const where = { scenario: '1', step: '1.1' }
  const stream = createStream().scenario('1 a story', [0, 9000]).step('1.1 a step', [0, 9000])
  const begun = stream.events.filter(({ kind }) => kind.endsWith(':start'))
  const load = { kind: 'traffic:start', id: '1', what: 'web', shape: '10/s for 4.0s' } as const
  const timed = createStream().at(1000, { ...load, milliseconds: 4000 }, where)
  assert.deepEqual(statusAfter([...begun, ...timed.events], 3000), [
    '▸ a step  3s  load █████░░░░░  50 %  10/s for 4.0s on web',
  ])
  const progress = { kind: 'traffic:progress', id: '1', sent: 20, answered: 19, errors: 1, p95: 3 } as const
  const counted = createStream()
    .at(1000, { ...load, requests: 80 }, where)
    .at(2000, progress, where)
  assert.deepEqual(statusAfter([...begun, ...counted.events], 3000), [
    '▸ a step  3s  load ███░░░░░░░  25 %  19 of 20 answered, p95 3ms, 1 error',
  ])
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
