import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { renderCtrf } from '../../src/report/ctrf.ts'
import { tell } from '../../src/report/told.ts'
import { ctrfSchema } from './artefacts.ts'
import { findMistakes } from './json-schema.ts'
import { eventsOf, LOGS } from './rendering.ts'

async function ctrfOf(
  events: Iterable<Event>,
): Promise<{ results: { summary: Record<string, number>; tests: { status: string }[] } }> {
  return JSON.parse(renderCtrf(tell(events)))
}

for (const log of LOGS) {
  test(`of the ${log} run the common report keeps to the rules of its format, and its numbers agree`, async () => {
    const report = await ctrfOf(await eventsOf(log))
    assert.deepEqual(findMistakes(report, ctrfSchema), [])
    const { summary, tests } = report.results
    const amount = (status: string) => tests.filter((one) => one.status === status).length
    const { passed, failed, skipped, other } = summary
    assert.deepEqual([passed, failed, skipped, other], ['passed', 'failed', 'skipped', 'other'].map(amount))
    assert.equal(summary['tests'], tests.length)
  })
}

test('what was interrupted or never ended is neither passed nor failed', async () => {
  for (const log of ['interrupted', 'abrupt']) {
    const { tests, summary } = (await ctrfOf(await eventsOf(log))).results
    assert.deepEqual([summary['failed'], tests.some(({ status }) => status === 'other')], [0, true])
  }
})

test('the schema is one that finds mistakes', () => {
  const test = { name: 'x', status: 'passed', duration: 1 }
  const summary = { tests: 1, passed: 1, failed: 0, skipped: 0, pending: 0, other: 0, start: 1, stop: 2 }
  const report = (one: object) => ({
    reportFormat: 'CTRF',
    specVersion: '1.0.0',
    results: { tool: { name: 'shakedown' }, summary, tests: [one] },
  })
  const cases: readonly (readonly [object, readonly string[]])[] = [
    [test, []],
    [
      { ...test, status: 'green' },
      ['$.results.tests[0].status is none of passed,failed,skipped,pending,other'],
    ],
    [{ ...test, duration: 1.5 }, ['$.results.tests[0].duration is no integer']],
    [{ ...test, duration: -1 }, ['$.results.tests[0].duration is below 0']],
    [{ ...test, name: '' }, ['$.results.tests[0].name is too short']],
    [{ ...test, suite: [] }, ['$.results.tests[0].suite has too few']],
    [{ ...test, more: 1 }, ['$.results.tests[0].more is not known']],
    [{ name: 'x', status: 'passed' }, ['$.results.tests[0].duration is missing']],
  ]
  for (const [one, mistakes] of cases) assert.deepEqual(findMistakes(report(one), ctrfSchema), mistakes)
  assert.deepEqual(findMistakes({ reportFormat: 'CTRF', specVersion: '2' }, ctrfSchema), [
    '$.results is missing',
    '$.specVersion is not "1.0.0"',
  ])
})
