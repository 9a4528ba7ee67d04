import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { pidsOf, until } from '../service/until.ts'
import { runScript, story } from './script.ts'

// `run` as a function, in a program of its own: real scripts, a reporter that hears everything.

interface Answer {
  readonly exit: number
  readonly passed: boolean
  readonly causes: readonly string[]
  readonly scenarios: readonly { readonly title: string; readonly outcome: string }[]
  readonly results: string
  readonly kinds: Readonly<Partial<Record<Event['kind'], number>>>
}

async function ask(env: Readonly<Record<string, string>>): Promise<Answer> {
  const told = await runScript(story('runs_as_a_library'), { env })
  assert.equal(told.code, 0, told.stderr)
  // Nobody but the program itself has written to the screen.
  assert.equal(told.stdout.trim().split('\n').length, 1, told.stdout)
  return JSON.parse(told.stdout)
}

describe('run as a function', { concurrency: 2 }, () => {
  test('gives what came of it, tells its reporters, and writes the reports', async () => {
    const ran = await ask({ FILES: `${story('passes')} ${story('fails')}`, MODE: 'quick' })
    assert.deepEqual([ran.exit, ran.passed], [1, false])
    assert.deepEqual(ran.causes, ['failed: a fish: not as expected: "silence"'])
    assert.deepEqual(ran.scenarios.map(({ title, outcome }) => `${title} ${outcome}`).sort(), [
      'a bird passed',
      'a fish failed',
      'a frog passed',
      'a stone passed',
    ])
    assert.deepEqual([ran.kinds['run:start'], ran.kinds['script:end'], ran.kinds['run:end']], [1, 2, 1])
    assert.match(ran.results, /-quick$/)
    assert.ok(existsSync(join(ran.results, 'report.html')))
  })

  test('chooses by tags, and an unknown one is a mistake', async () => {
    const some = await ask({ FILES: story('passes'), TAG: 'animal and p0' })
    assert.deepEqual([some.exit, some.scenarios.length], [0, 1])
    const none = await ask({ FILES: story('passes'), TAG: 'not animl' })
    assert.equal(none.exit, 2)
    assert.match(none.causes.join(), /no scenario has the tag animl/)
  })

  test('its signal ends every script in order', async () => {
    const mark = `mark-${randomBytes(8).toString('hex')}`
    const ran = await ask({ FILES: story('waits'), STOP: '1', MARK: mark })
    assert.notEqual(ran.exit, 0)
    assert.equal(ran.causes[0], 'interrupted: the signal of the run was aborted')
    assert.deepEqual(ran.scenarios[0]?.outcome, 'interrupted')
    await until('its program is gone', () => pidsOf(mark).length === 0)
  })

  test('a reporter that throws fails the run, and the run goes on', async () => {
    const ran = await ask({ FILES: story('passes'), BREAK: '1' })
    assert.equal(ran.exit, 1)
    assert.match(ran.causes.join(), /the reporter broke/)
    assert.equal(ran.scenarios.length, 2)
  })
})
