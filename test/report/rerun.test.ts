import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { rerunCommand } from '../../src/report/rerun.ts'
import { summarize } from '../../src/report/summary.ts'
import { createStream, wholeRun } from './stream.ts'

test('the command that runs it again is one that a shell understands', () => {
  const events = wholeRun(createStream().scenario('1 x', [0, 1]).events)
  const given = (command: readonly string[]) => {
    const [start, ...rest] = events
    const changed: Event[] = start?.kind === 'run:start' ? [{ ...start, command }, ...rest] : []
    return summarize(changed)
  }
  const again = (title: string, ...command: readonly string[]) =>
    rerunCommand(given(['node', ...command]), title)
  assert.equal(again('x', 'system_test.mts'), './system_test.mts --only x')
  assert.equal(
    again("it's $HOME", 'system_test.mts', '--ci'),
    "./system_test.mts --ci --only 'it'\\''s $HOME'",
  )
  assert.equal(
    again('x', 'system_test.mts', '--only', 'y', '--quick', '--only=z'),
    './system_test.mts --quick --only x',
  )
  assert.equal(again('a b', 'e2e/x.mts', '--quick'), "node e2e/x.mts --quick --only 'a b'")
  assert.equal(again('x', '/elsewhere/my tests/run.mts'), "'/elsewhere/my tests/run.mts' --only x")
})
