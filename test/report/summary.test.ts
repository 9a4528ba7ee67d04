import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failuresOf } from '../../src/report/failures.ts'
import { scenariosOf, servicesOf, stepsOf } from '../../src/report/result.ts'
import { summarize } from '../../src/report/summary.ts'
import { eventsOf } from './rendering.ts'
import { createStream, failure, wholeRun } from './stream.ts'

test('a passing run is what its script did', async () => {
  const result = summarize(await eventsOf('passing'))
  assert.deepEqual(
    stepsOf(scenariosOf(result)).map(({ path, outcome }) => `${path.slice(1).join(' › ')}: ${outcome}`),
    [
      'every visit is counted once: passed',
      'it answers: passed',
      'it answers › page: /: passed',
      'it answers › page: /health: passed',
      'a visitor without a name is refused: passed',
      'it sells: skipped',
    ],
  )
  assert.deepEqual(
    result.skipped.map(({ what, reason }) => [what, reason]),
    [
      ['it forgets', 'not looked at in quick'],
      ['it sells', 'there is nothing to buy yet'],
    ],
  )
  const { met, missed, known } = result.claims
  assert.deepEqual(
    { met, missed, known, exit: result.exit, finished: result.finished },
    { met: 4, missed: 0, known: 1, exit: 0, finished: true },
  )
  assert.equal(result.scripts[0]?.outcome, 'passed')
})

test('a restart begins another life of a service', () => {
  const service = 'redis'
  const starting = {
    kind: 'service:starting',
    service,
    driver: 'process',
    command: ['redis'],
    after: [],
  } as const
  const ready = {
    kind: 'service:ready',
    service,
    milliseconds: 20,
    endpoints: { main: '127.0.0.1:1' },
    looks: 1,
  } as const
  const stream = createStream()
    .scenario('1 a story', [0, 500])
    .at(10, starting, { scenario: '1' })
    .at(30, ready, { scenario: '1' })
    .at(
      100,
      { kind: 'service:exit', service, code: null, signal: 'SIGKILL', expected: false },
      { scenario: '1' },
    )
    .at(110, starting, { scenario: '1' })
    .at(150, ready, { scenario: '1' })
    .at(400, { kind: 'service:stopping', service, signal: 'SIGTERM' })
    .at(450, { kind: 'service:stopped', service, milliseconds: 50, forced: true, swept: [1, 2] })
  const [first, second, ...more] = servicesOf(summarize(wholeRun(stream.events)))
  assert.equal(more.length, 0)
  assert.deepEqual(
    [first?.exit, first?.stopped],
    [{ code: null, signal: 'SIGKILL', expected: false }, undefined],
  )
  const { began = 0, ready: wasReady = 0, stopping = 0, stopped = 0 } = second ?? {}
  assert.deepEqual(
    [wasReady - began, stopped - stopping, second?.forced, second?.swept],
    [40, 50, true, [1, 2]],
  )
})

test('an error is one failure, where it happened first, however far it travelled', () => {
  const error = failure('too little', 'e2e/x.mts:9')
  const failed = { outcome: 'failed', error } as const
  const stream = createStream()
    .scenario('1 a story', [0, 100], failed)
    .step('1.1 outer', [10, 90], failed)
    .step('1.1.1 inner', [20, 80], failed)
  const failures = failuresOf(summarize(wholeRun(stream.events, 1)))
  assert.deepEqual(
    failures.map(({ path }) => path),
    [['a story', 'outer', 'inner']],
  )
})

test('the same words in two steps are two failures, and an error of the scenario itself is one more', () => {
  const failed = { outcome: 'failed', error: failure('too little') } as const
  const stream = createStream()
    .scenario('1 a story', [0, 100], { outcome: 'failed', error: failure('would not stop') })
    .step('1.1 one', [10, 20], failed)
    .step('1.2 two', [20, 30], failed)
  const failures = failuresOf(summarize(wholeRun(stream.events, 1)))
  assert.deepEqual(
    failures.map(({ path, error }) => [path.join(' '), error.title]),
    [
      ['a story one', 'too little'],
      ['a story two', 'too little'],
      ['a story', 'would not stop'],
    ],
  )
})

test('what has no end lasted until the last sign of life of its script', () => {
  const stream = createStream().scenario('1 a story', [0, 900]).step('1.1 a step', [100, 800])
  const note = { kind: 'note', text: 'still here', level: 'info' } as const
  const cut = [
    ...stream.events.filter(({ time }) => time % 1000 < 500),
    ...createStream().at(600, note).events,
  ]
  const other = createStream('e2e/y.mts').at(700, note).events
  const [scenario] = scenariosOf(summarize([...wholeRun(cut).slice(0, -1), ...other]))
  assert.deepEqual([scenario?.seconds, scenario?.outcome, scenario?.finished], [0.6, 'interrupted', false])
  assert.equal(scenario?.steps[0]?.seconds, 0.5)
})

test('a claim that was broken off was neither met nor missed', async () => {
  const result = summarize(await eventsOf('interrupted'))
  assert.deepEqual([result.claims.met, result.claims.missed], [0, 0])
  const claim = {
    kind: 'claim',
    what: 'x',
    matcher: 'toBe',
    expected: '1',
    last: '0',
    met: false,
    milliseconds: 5,
  } as const
  const told = createStream()
    .scenario('1 a story', [0, 100])
    .at(50, { ...claim, aborted: true }, { scenario: '1' })
    .at(60, claim)
  assert.equal(summarize(wholeRun(told.events)).claims.missed, 1)
})
