import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { createCtrf } from '../../src/report/ctrf.ts'
import { eventsOf, LOGS } from './rendering.ts'

type Rule = (value: unknown) => boolean
type Shape = Readonly<Record<string, Rule>>

const isText: Rule = (value) => typeof value === 'string'
const isName: Rule = (value) => typeof value === 'string' && value.length > 0
const isWhole: Rule = (value) => Number.isInteger(value)
const isFlag: Rule = (value) => typeof value === 'boolean'
const isObject: Rule = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isTexts: Rule = (value) => Array.isArray(value) && value.every(isText)
const isStatus: Rule = (value) => ['passed', 'failed', 'skipped', 'pending', 'other'].includes(String(value))
const isDate: Rule = (value) => typeof value === 'string' && new Date(value).toISOString() === value
const has =
  (required: Shape, optional: Shape = {}): Rule =>
  (value) => {
    if (!isObject(value)) return false
    const entries = Object.entries(Object(value))
    const rules = { ...required, ...optional }
    for (const name in required)
      if (!entries.some(([key]) => key === name)) throw new Error(`${name} is missing`)
    for (const [name, part] of entries)
      if (rules[name]?.(part) !== true) throw new Error(`${name}: ${JSON.stringify(part)}`)
    return true
  }
const listOf =
  (rule: Rule): Rule =>
  (value) =>
    Array.isArray(value) && value.every(rule)

/** The rules of the format, version 1.0.0, for the parts that are written: what must be, what may be, and nothing else. */
const isReport = has(
  {
    reportFormat: (value) => value === 'CTRF',
    specVersion: (value) => value === '1.0.0',
    results: has({
      tool: has({ name: isName }),
      summary: has(
        {
          tests: isWhole,
          passed: isWhole,
          failed: isWhole,
          skipped: isWhole,
          pending: isWhole,
          other: isWhole,
          start: isWhole,
          stop: isWhole,
        },
        { flaky: isWhole, suites: isWhole },
      ),
      tests: listOf(
        has(
          { name: isName, status: isStatus, duration: isWhole },
          {
            ...{
              start: isWhole,
              stop: isWhole,
              line: isWhole,
              flaky: isFlag,
              type: isText,
              rawStatus: isText,
              message: isText,
              trace: isText,
            },
            ...{ filePath: isText, tags: isTexts, stdout: isTexts, labels: isObject },
            suite: (value) => isTexts(value) && Array.isArray(value) && value.length > 0,
            steps: listOf(has({ name: isName, status: isStatus })),
            attachments: listOf(has({ name: isText, contentType: isText, path: isText })),
          },
        ),
      ),
      environment: has({}, { reportName: isText, testEnvironment: isText, healthy: isFlag, extra: isObject }),
    }),
  },
  { runId: isName, timestamp: isDate, generatedBy: isText },
)

async function ctrfOf(
  events: Iterable<Event>,
): Promise<{ results: { summary: Record<string, number>; tests: { status: string }[] } }> {
  const reporter = createCtrf()
  for (const event of events) reporter.hear(event)
  return JSON.parse(await reporter.text())
}

for (const log of LOGS) {
  test(`of the ${log} run the common report keeps to the rules of its format, and its numbers agree`, async () => {
    const report = await ctrfOf(await eventsOf(log))
    assert.ok(isReport(report))
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

test('the rules are rules', () => {
  assert.throws(() => isReport({ reportFormat: 'CTRF', specVersion: '1.0.0' }), /results is missing/)
  assert.throws(() => isReport({ reportFormat: 'CTRF', specVersion: '1.0.0', results: {}, more: 1 }))
})
