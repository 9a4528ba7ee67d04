import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Event } from '../../src/event.ts'
import { renderJunit } from '../../src/report/junit.ts'
import { tell } from '../../src/report/told.ts'
import { eventsOf, LOGS } from './rendering.ts'
import { createStream, failure, wholeRun } from './stream.ts'
import { allOf, type Node, readXml } from './xml-reader.ts'

async function junitOf(events: Iterable<Event>): Promise<Node> {
  return readXml(renderJunit(tell(events)))
}

/** What the readers need: names by which tests are told apart, numbers that agree, a place, and words in both forms. */
function checkRules(document: Node): void {
  assert.equal(document.name, 'testsuites')
  const names = allOf(document, 'testcase').map(
    ({ attributes }) => `${attributes['classname']} ${attributes['name']}`,
  )
  assert.deepEqual(
    names.toSorted(),
    [...new Set(names)].toSorted(),
    'GitLab counts only the first of two tests with one name',
  )
  for (const suite of allOf(document, 'testsuite')) {
    const cases = suite.children.filter(({ name }) => name === 'testcase')
    const amount = (name: string) =>
      String(cases.filter((one) => one.children.some((child) => child.name === name)).length)
    const { tests, failures, errors, skipped } = suite.attributes
    assert.deepEqual(
      [tests, failures, errors, skipped],
      [String(cases.length), amount('failure'), amount('error'), amount('skipped')],
    )
  }
  for (const one of allOf(document, 'testcase')) {
    assert.match(one.attributes['time'] ?? '', /^\d+\.\d{3}$/)
    assert.ok(one.attributes['file'])
    assert.match(one.attributes['line'] ?? '1', /^\d+$/)
    const verdicts = one.children.filter(({ name }) => ['failure', 'error', 'skipped'].includes(name))
    assert.ok(verdicts.length <= 1)
    for (const { name, attributes, text } of verdicts) {
      assert.ok(attributes['message'], 'Jenkins shows the message')
      if (name !== 'skipped') assert.ok(text, 'GitLab shows the text')
    }
  }
}

for (const log of LOGS) {
  test(`of the ${log} run GitLab and Jenkins can read everything`, async () => {
    checkRules(await junitOf(await eventsOf(log)))
  })
}

test('a failed step has its story, its place, its log and what may be downloaded', async () => {
  const document = await junitOf(await eventsOf('failing'))
  const one = allOf(document, 'testcase').find(({ attributes }) =>
    attributes['name']?.endsWith('it does not survive'),
  )
  assert.deepEqual([one?.attributes['classname'], one?.attributes['line']], ['fixtures.events.failing', '30'])
  assert.match(one?.children.find(({ name }) => name === 'failure')?.text ?? '', /^no answer to GET/)
  assert.equal(
    one?.children.find(({ name }) => name === 'system-out')?.text,
    'shop-2 | the shop is on fire\nshop-2 | ::error::a line that looks like a command\n' +
      '[[ATTACHMENT|results/2026-01-01T00-00-00-quick/report.html]]',
  )
  assert.deepEqual(
    allOf(one ?? document, 'property').map(({ attributes }) => attributes),
    [{ name: 'requirement', value: 'SHOP-6' }],
  )
})

test('a scenario that only a step failed has passed for its own part, and its time is what is not in steps', async () => {
  const failed = { outcome: 'failed', error: failure('too little') } as const
  const stream = createStream()
    .scenario('1 a story', [0, 1000], failed)
    .step('1.1 a step', [100, 800], failed)
  const document = await junitOf(wholeRun(stream.events, 1))
  const verdicts = allOf(document, 'testcase').map(({ attributes, children }) => [
    attributes['name'],
    attributes['time'],
    children.length,
  ])
  assert.deepEqual(verdicts, [
    ['a story', '0.300', 0],
    ['a story › a step', '0.700', 2],
  ])
})

test('what was under way when the log stopped is an error, not a failure', async () => {
  const document = await junitOf(await eventsOf('abrupt'))
  assert.equal(allOf(document, 'failure').length, 0)
  assert.deepEqual(
    allOf(document, 'testcase')
      .filter((one) => allOf(one, 'error').length > 0)
      .map(({ attributes }) => attributes['name']),
    [
      'metrics in Redis',
      'metrics in files',
      'metrics in files › histograms are cumulative',
      'configuration by YAML',
      'configuration by YAML › each invalid configuration is refused, by name',
    ],
  )
})

test('where the run is red a test is red', async () => {
  const passing = createStream().scenario('1 a story', [0, 100])
  const leaking = [
    ...passing.events,
    ...createStream().at(100, { kind: 'leak', what: 'process 1', detail: 'sleep', ended: true }).events,
  ]
  const failures = async (events: readonly Event[]) =>
    allOf(await junitOf(events), 'failure').map(({ attributes }) => attributes['message'])
  assert.deepEqual(await failures(wholeRun(passing.events)), [])
  assert.deepEqual(await failures(wholeRun(leaking, 4, ['leak: left behind: process 1'])), [
    'leak: left behind: process 1',
  ])
  assert.deepEqual(
    await failures(wholeRun(passing.events, 1, ['failed: skipped without being allowed to'])),
    ['failed: skipped without being allowed to'],
  )
  assert.deepEqual(await failures(wholeRun([], 2, ['usage: no scenario ran'])), ['usage: no scenario ran'])
})

test('the same story told again has a name of its own, and is flaky when it failed before', async () => {
  const failed = { outcome: 'failed', error: failure('once') } as const
  const stream = createStream()
    .scenario('1 a story', [0, 100], failed)
    .scenario('2 a story', [200, 300])
    .scenario('3 a story (2)', [400, 500])
  const cases = allOf(await junitOf(wholeRun(stream.events, 1)), 'testcase')
  assert.deepEqual(
    cases.map(({ attributes }) => attributes['name']),
    ['a story', 'a story (2)', 'a story (2) (2)'],
  )
  const flaky = cases.filter((one) =>
    allOf(one, 'property').some(({ attributes }) => attributes['name'] === 'flaky'),
  )
  assert.deepEqual(
    flaky.map(({ attributes }) => attributes['name']),
    ['a story (2)'],
  )
})

test('whatever a title, a failure or a log contains, it is XML', async () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(']]>', '</failure>', '&#0;', '<!--', '\u0000\ud800\uffff"'),
  )
  await fc.assert(
    fc.asyncProperty(any, any, any, async (title, message, line) => {
      const failed = { outcome: 'failed', error: { code: 'failed', title: message, message } } as const
      const stream = createStream(`e2e/${title}.mts`).scenario(`1 t${title}`, [0, 100], failed)
      stream.at(50, { kind: 'log', service: 'shop', stream: 'stdout', line }, { scenario: '1' })
      await junitOf(wholeRun(stream.events, 1))
    }),
  )
})
