import './own-state.ts'
import assert from 'node:assert/strict'
import { get } from 'node:http'
import { describe, test } from 'node:test'
import { type Context, runInContext } from '../../src/context.ts'
import { type Event, listen } from '../../src/event.ts'
import { Scope } from '../../src/scope.ts'
import { createProgram } from '../../src/service/program.ts'
import { start } from '../../src/service/start.ts'
import { answering, command, saying } from './programs.ts'
import { until } from './until.ts'

describe('services of a scenario', () => {
  test('one that dies fails it at once, by name, with exit code and last lines', async () => {
    const story = createStory()
    const web = createProgram(
      answering({ name: 'mortal', run: command('dies_when_asked.mjs'), ready: { tcp: true } }),
    )
    await story.run(() => start(web))
    get(`${web.url}/die`).on('error', () => {})
    await until('it failed', () => story.failures.length > 0)
    await story.scope.unwind(30_000)
    assert.equal(
      story.failures[0]?.message
        .replace(/\d+(\.\d+)?(ms|s) after/, '<time> after')
        .replace(/test\.ts:\d+/, 'test.ts:<line>'),
      [
        'mortal died: exit code 7',
        '  expected  to run until it is stopped',
        '  last      exit code 7, <time> after it was launched',
        '  at        test/service/context.test.ts:<line>',
        '  log       mortal | out of luck',
      ].join('\n'),
    )
    assert.equal(story.failures.length, 1)
  })

  test('one that is stopped, killed or told to end by the script does not', async () => {
    const story = createStory()
    const web = createProgram(answering())
    await story.run(async () => {
      await start(web)
      await web.kill()
      await web.start()
      await web.signal('SIGTERM')
      await until('it ended', async () => (await web.state.read()) === 'stopped')
      await web.start()
      await web.stop()
    })
    assert.deepEqual(await story.scope.unwind(30_000), [])
    assert.deepEqual(story.failures, [])
  })

  test('they are stopped when it unwinds: users first, the others at the same time', async () => {
    const story = createStory()
    const web = createProgram(answering({ name: 'used' }))
    const [left, right] = ['left', 'right'].map((name) =>
      createProgram({ ...saying('slow_to_stop.mjs', '500'), name, env: { TO: web.url } }),
    )
    assert.ok(left && right)
    await story.run(() => start(left, web, right))
    const events = await eventsOf(() => story.scope.unwind(30_000))
    const order = events.filter(({ kind }) => kind === 'service:stopping' || kind === 'service:exit')
    const words = order.map((event) => ('service' in event ? `${event.kind} ${event.service}` : ''))
    assert.deepEqual(words.slice(0, 2).toSorted(), ['service:stopping left', 'service:stopping right'])
    assert.deepEqual(words.slice(-2), [`service:stopping ${web.name}`, `service:exit ${web.name}`])
  })

  test('one that does not end cleanly is an error of the teardown, and the others are stopped all the same', async () => {
    const story = createStory()
    const web = createProgram(answering())
    const crashing = createProgram({ ...saying('ends_unclean.mjs'), name: 'crashing' })
    await story.run(() => start(web, crashing))
    const errors = await story.scope.unwind(30_000)
    assert.deepEqual(
      errors.map(({ what, error }) => [what, error.message.split('\n')[0]]),
      [['crashing', 'crashing did not end cleanly: exit code 5']],
    )
    assert.equal(await web.state.read(), 'stopped')
  })

  test('a start that is interrupted by the teardown leaves nothing', async () => {
    const story = createStory()
    const never = createProgram(answering({ name: 'never', run: command('never_ready.mjs') }))
    const starting = story.run(() => start(never))
    starting.catch(() => {})
    await until(
      'it was launched',
      async () => (await never.logs.lines(/waiting for the database/).read()).length === 1,
    )
    const pid = await never.pid.read()
    assert.deepEqual(await story.scope.unwind(30_000), [])
    await assert.rejects(starting, /never was stopped while it started/)
    assert.throws(() => process.kill(pid, 0), /ESRCH/)
  })

  test('a teardown without time left ends them by force', async () => {
    const story = createStory()
    const slow = createProgram({ ...saying('slow_to_stop.mjs', '60000'), stop: { within: '50s' } })
    await story.run(() => start(slow))
    const pid = await slow.pid.read()
    const [error] = await story.scope.unwind(300)
    assert.match(error?.error.message ?? '', /was not undone within/)
    await until('it is gone', async () => (await slow.state.read()) === 'stopped')
    assert.throws(() => process.kill(pid, 0), /ESRCH/)
  })
})

function createStory() {
  const scope = new Scope()
  const failures: Error[] = []
  const context: Context = {
    scenario: '1',
    signal: new AbortController().signal,
    own: (what, teardown) => scope.own(what, teardown),
    owe: () => {},
    countClaim: () => {},
    fail: (error) => failures.push(error),
    workdir: () => '',
  }
  return { scope, failures, run: <T>(act: () => Promise<T>) => runInContext(context, act) }
}

async function eventsOf(act: () => Promise<unknown>): Promise<readonly Event[]> {
  const events: Event[] = []
  const stopListening = listen((event) => events.push(event))
  await act()
  stopListening()
  return events
}
