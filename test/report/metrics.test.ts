import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { parse } from '../../src/metrics/parse.ts'
import { validate } from '../../src/metrics/validate.ts'
import { renderMetrics } from '../../src/report/metrics.ts'
import { tell } from '../../src/report/told.ts'
import { eventsOf, LOGS } from './rendering.ts'
import { createStream, wholeRun } from './stream.ts'

async function metricsOf(events: Iterable<Event>): Promise<string> {
  return renderMetrics(tell(events))
}

function numberOf(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const isIt = (found: Readonly<Record<string, string>>) =>
    Object.entries(labels).every(([key, value]) => found[key] === value)
  return parse(text).samples.find(
    (sample) => sample.name === name && isIt(Object.fromEntries(Object.entries(sample.labels))),
  )?.value
}

for (const log of LOGS) {
  test(`of the ${log} run the metrics can be read and break no rule`, async () => {
    const exposition = parse(await metricsOf(await eventsOf(log)))
    assert.deepEqual([...validate(exposition)], [])
    assert.ok(exposition.samples.length > 20)
  })
}

const promtool = spawnSync('promtool', ['--version']).error === undefined
test('promtool has nothing to say about them', {
  skip: promtool ? false : 'promtool is not installed',
}, async () => {
  const text = await metricsOf(await eventsOf('parallel'))
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  })
  assert.deepEqual([status, stdout, stderr], [0, '', ''])
})

test('they say how the run was (KIT-03)', async () => {
  const text = await metricsOf(await eventsOf('parallel'))
  const redis = 'e2e/integration/exporter/redis.mts'
  assert.equal(numberOf(text, 'shakedown_run_exit_code'), 1)
  assert.equal(numberOf(text, 'shakedown_scenarios', { outcome: 'failed' }), 1)
  assert.equal(numberOf(text, 'shakedown_requirements', { outcome: 'skipped' }), 2)
  assert.equal(
    numberOf(text, 'shakedown_service_boot_duration_seconds', { script: redis, service: 'prometheus' }),
    5.104,
  )
  assert.equal(
    numberOf(text, 'shakedown_service_forced_stops', {
      service: 'gunicorn',
      script: redis.replace('redis', 'yaml'),
    }),
    1,
  )
  assert.equal(
    numberOf(text, 'shakedown_step_duration_seconds', {
      step: 'each invalid configuration is refused, by name › refused: empty',
    }),
    0.65,
  )
  assert.equal(numberOf(text, 'shakedown_load_errors'), 2)
})

test('a run that ended abruptly has no exit code and says that it did not finish', async () => {
  const text = await metricsOf(await eventsOf('abrupt'))
  assert.equal(numberOf(text, 'shakedown_run_exit_code'), undefined)
  assert.equal(numberOf(text, 'shakedown_run_finished'), 0)
})

test('however many steps a run has and however long their names are, the series stay few and short', async () => {
  const stream = createStream().scenario('1 a story', [0, 5000])
  for (let index = 1; index <= 2000; index += 1)
    stream.step(`1.${index} ${index} ${'long '.repeat(50)}`, [index, index + 1])
  const { samples } = parse(await metricsOf(wholeRun(stream.events)))
  const steps = samples.filter(({ name }) => name === 'shakedown_step_duration_seconds')
  assert.ok(steps.length <= 501)
  const sum = steps.reduce((total, { value }) => total + value, 0)
  assert.ok(Math.abs(sum - 2) < 0.001, 'nothing is lost')
  for (const { labels } of steps)
    for (const [, value] of Object.entries(labels)) assert.ok(String(value).length <= 120)
})
