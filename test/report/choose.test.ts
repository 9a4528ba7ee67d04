import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../src/error.ts'
import { createReporter, type Place } from '../../src/report/choose.ts'
import { REPORTERS, reporterNamed } from '../../src/report/reporter-names.ts'
import { eventsOf, LOGS, tellWith } from './rendering.ts'
import { createStream, failure, wholeRun } from './stream.ts'

const NAMES = Object.keys(REPORTERS).map(reporterNamed)
const PLAIN: Place = { verbose: false, isCi: false, isGithub: false }

test('an unknown reporter is a mistake, with the nearest name', () => {
  for (const [text, hint] of [
    ['jsno', 'did you mean json?'],
    ['doc', 'did you mean dot?'],
    ['constructor', 'known are: line, dot, json, github, agent'],
  ] as const) {
    assert.throws(
      () => reporterNamed(text),
      (error) => error instanceof UsageError && error.message.includes(hint),
    )
  }
})

test('where none is named the place decides: a region in a terminal, groups in GitHub, plain lines elsewhere', async () => {
  const events = await eventsOf('passing')
  const tellIn = (place: Partial<Place>, isTTY: boolean) =>
    tellWith((screen) => createReporter(screen, { ...PLAIN, ...place }), events, { isTTY })
  const cursor = '\u001b['
  assert.ok((await tellIn({}, true)).includes(cursor))
  assert.ok(!(await tellIn({}, false)).includes(cursor))
  assert.ok(!(await tellIn({ name: 'line' }, true)).includes(cursor))
  assert.ok(!(await tellIn({ isCi: true }, true)).includes(cursor))
  assert.match(await tellIn({ isGithub: true }, false), /^::group::/m)
  assert.match(await tellIn({ name: 'github' }, false), /^::group::/m)
  assert.doesNotMatch(await tellIn({ name: 'line', isGithub: true }, false), /^::group::/m)
})

test('lines of JSON are the events themselves', async () => {
  for (const log of LOGS) {
    const events = await eventsOf(log)
    const text = await tellWith((screen) => createReporter(screen, { ...PLAIN, name: 'json' }), events)
    const lines = text.trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line): unknown => JSON.parse(line)),
      events,
    )
  }
})

test('for an agent a green run is one line', async () => {
  const stream = createStream().scenario('1 a story', [0, 900]).step('1.1 a step', [100, 800])
  const text = await tellWith(
    (screen) => createReporter(screen, { ...PLAIN, name: 'agent' }),
    wholeRun(stream.events),
  )
  assert.equal(text, 'passed  1 scenario in 900ms  1 step, 0 claims held\n')
})

test('for an agent a red run is what failed, how to run it again, and where the rest is', async () => {
  const failed = { outcome: 'failed', error: failure('too little', 'e2e/x.mts:7') } as const
  const stream = createStream().scenario('1 a story', [0, 900], failed).step('1.1 a step', [100, 800], failed)
  const text = await tellWith(
    (screen) => createReporter(screen, { ...PLAIN, name: 'agent' }),
    wholeRun(stream.events, 1),
  )
  assert.deepEqual(text.split('\n'), [
    'FAILED a story > a step',
    'too little',
    '  expected  1',
    '  last      2',
    '  at        e2e/x.mts:7',
    "  again     ./system_test.mts --quick --only 'a story'",
    '',
    'results     results/run-1',
    'failed  1 of 1 scenario in 900ms  exit 1  1 step, 0 claims held',
    '',
  ])
})

test('of many failures ten are told in full, the others by their titles', async () => {
  const stream = createStream()
  for (let index = 1; index <= 30; index += 1) {
    const error = failure(`failure ${index}`)
    stream.scenario(`${index} story ${index}`, [index, index + 1], { outcome: 'failed', error })
  }
  const events = wholeRun(stream.events, 1)
  for (const name of ['agent', 'dot'] as const) {
    const text = await tellWith((screen) => createReporter(screen, { ...PLAIN, name }), events)
    assert.equal(text.match(/^ {2}expected/gm)?.length, 10)
    for (let index = 1; index <= 30; index += 1) assert.match(text, new RegExp(`failure ${index}\\b`))
  }
})

test('each step is a dot, as is a scenario without one; lines of dots break where the screen ends', async () => {
  const stream = createStream().scenario('1 without steps', [0, 1]).scenario('2 with many', [2, 900])
  for (let index = 1; index <= 25; index += 1) {
    const outcome = index === 3 ? 'failed' : index === 4 ? 'skipped' : index === 5 ? 'interrupted' : 'passed'
    stream.step(`2.${index} step`, [index * 10, index * 10 + 1], { outcome })
  }
  const text = await tellWith(
    (screen) => createReporter(screen, { ...PLAIN, name: 'dot' }),
    wholeRun(stream.events),
    {
      columns: 20,
    },
  )
  assert.match(text, /^\.\.\.Fs!\.{14}\n\.{6}\n\n/)
})

test('no reporter makes GitHub do what a service says', async () => {
  const command = '::error::from a service'
  const error = { code: 'failed', title: command, message: `${command}\n##[group]x` } as const
  const stream = createStream().scenario('1 a story', [0, 10], { outcome: 'failed', error })
  stream.at(5, { kind: 'note', level: 'notice', text: command })
  for (const name of NAMES.filter((one) => one !== 'github')) {
    const place = { ...PLAIN, name, isGithub: true }
    const text = await tellWith((screen) => createReporter(screen, place), wholeRun(stream.events, 1))
    const outside = text.replaceAll(/^::stop-commands::(.*)\n[\s\S]*?^::\1::$/gm, '')
    assert.doesNotMatch(outside, /^\s*::|##\[/m, name)
  }
})

for (const log of LOGS) {
  test(`of the ${log} run every reporter tells something, and nothing that a terminal obeys`, async () => {
    for (const name of NAMES) {
      const events = await eventsOf(log)
      const text = await tellWith((screen) => createReporter(screen, { ...PLAIN, name }), events)
      assert.ok(text.length > 0)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
      assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/, `${name} of ${log}`)
    }
  })
}
