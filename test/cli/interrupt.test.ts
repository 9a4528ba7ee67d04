import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { pidsOf, until } from '../service/until.ts'
import { type Script, startScript, story, type Told } from './script.ts'

// Real scripts with a real program each, told to stop at every moment of their life. MARK finds the program, by the process
// table alone.

interface Marked {
  readonly script: Script
  readonly mark: string
}

function startWaiting(env: Readonly<Record<string, string>> = {}): Marked {
  const mark = `mark-${randomBytes(8).toString('hex')}`
  return { mark, script: startScript(story('waits'), { env: { MARK: mark, ...env } }) }
}

function inStep(event: Event): boolean {
  return event.kind === 'step:start'
}

async function assertGone(mark: string): Promise<void> {
  await until(`nothing of ${mark} runs`, () => pidsOf(mark).length === 0)
}

function endOf({ events }: Told, title: string): string | undefined {
  const end = events.find((event) => event.kind === 'scenario:end' && event.title === title)
  return end?.kind === 'scenario:end' ? end.outcome : undefined
}

function exitOf({ events }: Told): number | undefined {
  const end = events.findLast((event) => event.kind === 'run:end')
  return end?.kind === 'run:end' ? end.exit : undefined
}

describe('a script that is told to stop', { concurrency: 2 }, () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`by ${signal} in a step stops everything in order and says ${code}`, async () => {
      const { script, mark } = startWaiting()
      await script.told('it waits', inStep)
      assert.equal(pidsOf(mark).length, 1)
      script.signal(signal)
      const told = await script.ended
      assert.equal(told.code, code)
      assert.equal(exitOf(told), code)
      assert.equal(endOf(told, 'a patient script'), 'interrupted')
      // The scenario after it is never begun.
      assert.equal(endOf(told, 'the next one'), undefined)
      assert.ok(told.events.some((event) => event.kind === 'service:stopped' && !event.forced))
      assert.match(told.stdout, /interrupted/)
      await assertGone(mark)
    })
  }

  test('while a program boots ends that, too', async () => {
    const { script, mark } = startWaiting({ READY: 'never said' })
    await until('the program runs', () => pidsOf(mark).length > 0)
    script.signal('SIGINT')
    const told = await script.ended
    assert.equal(told.code, 130)
    assert.equal(endOf(told, 'a patient script'), 'interrupted')
    await assertGone(mark)
  })

  test('a second time ends at once, by force, and leaves nothing', async () => {
    const { script, mark } = startWaiting({ PROGRAM: 'ignores_term.mjs', STOP: '1h' })
    await script.told('it waits', inStep)
    script.signal('SIGINT')
    await script.told('it stops the program', (event) => event.kind === 'service:stopping')
    const began = performance.now()
    // Until it is taken for a second one: a repeated signal may be an echo of the first.
    const again = setInterval(() => script.signal('SIGINT'), 100)
    const told = await script.ended
    clearInterval(again)
    assert.equal(told.code, 130)
    assert.ok(performance.now() - began < 20_000, 'it waited for the whole teardown')
    assert.equal(exitOf(told), 130)
    await assertGone(mark)
  })

  test('a second time, by the runner, ends at once; the log has its last line', async () => {
    const mark = `mark-${randomBytes(8).toString('hex')}`
    const script = startScript('src/cli/main.mts', {
      args: ['run', story('waits')],
      env: { MARK: mark, PROGRAM: 'ignores_term.mjs', STOP: '1h' },
    })
    await script.told('it waits', inStep)
    script.signal('SIGINT')
    await script.told('it stops the program', (event) => event.kind === 'service:stopping')
    const again = setInterval(() => script.signal('SIGINT'), 100)
    const told = await script.ended
    clearInterval(again)
    assert.deepEqual([told.code, exitOf(told)], [130, 130])
    await assertGone(mark)
  })

  test('while it tears down is a second time: what is left is ended by force', async () => {
    const { script, mark } = startWaiting({ PROGRAM: 'ignores_term.mjs', STOP: '1h' })
    await script.told('it waits', inStep)
    script.signal('SIGTERM')
    await script.told('it stops the program', (event) => event.kind === 'service:stopping')
    script.signal('SIGINT')
    const told = await script.ended
    assert.equal(told.code, 143)
    await assertGone(mark)
  })

  test('by the same Ctrl-C twice, as npm passes it on, is told once', async () => {
    const { script, mark } = startWaiting({ PROGRAM: 'slow_to_stop.mjs', npm_lifecycle_event: 'test' })
    await script.told('it waits', inStep)
    script.signal('SIGINT')
    await script.told('it stops the program', (event) => event.kind === 'service:stopping')
    script.signal('SIGINT')
    const told = await script.ended
    assert.equal(told.code, 130)
    assert.ok(
      told.events.some((event) => event.kind === 'service:stopped' && !event.forced),
      'the second one ended it by force',
    )
    await assertGone(mark)
  })

  test('by a terminal that closes after Ctrl-C goes on tearing down', async () => {
    const { script, mark } = startWaiting({ PROGRAM: 'slow_to_stop.mjs' })
    await script.told('it waits', inStep)
    script.signal('SIGINT')
    script.signal('SIGHUP')
    const told = await script.ended
    assert.ok(told.code === 130 || told.code === 129, String(told.code))
    assert.ok(told.events.some((event) => event.kind === 'service:stopped' && !event.forced))
    await assertGone(mark)
  })

  test('by SIGKILL leaves nothing either, and a log that can be read', async () => {
    const { script, mark } = startWaiting()
    await script.told('it waits', inStep)
    script.signal('SIGKILL')
    const told = await script.ended
    assert.equal(told.signal, 'SIGKILL')
    assert.ok(told.events.some(inStep))
    await assertGone(mark)
  })
})
