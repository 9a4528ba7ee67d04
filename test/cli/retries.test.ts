import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { runScript, story, type Told } from './script.ts'

// `--retries`, by hand and by the runner: only what a scenario names as transient is told again.

const SCRIPT = story('flickers')
const COMMAND = 'src/cli/main.mts'

function ends({ events }: Told): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'scenario:end'
      ? [`${event.title} ${event.outcome}${event.retried === true ? ', told again' : ''}`]
      : [],
  )
}

function causes({ events }: Told): readonly string[] {
  return events.flatMap((event) => (event.kind === 'run:end' ? event.causes : []))
}

function report({ events }: Told, name: string): string {
  const [folder = ''] = events.flatMap((event) => (event.kind === 'run:start' ? [event.results ?? ''] : []))
  return readFileSync(join(folder, name), 'utf8')
}

describe('--retries', { concurrency: 2 }, () => {
  test('tells a scenario again, and the reports call it flaky', async () => {
    for (const args of [
      ['run', SCRIPT, '--retries', '2'],
      ['--retries', '2'],
    ]) {
      const told = await runScript(args.length === 2 ? SCRIPT : COMMAND, { args })
      assert.equal(told.code, 0, told.stdout)
      assert.deepEqual(ends(told), [
        'a lamp failed, told again',
        'a lamp failed, told again',
        'a lamp passed',
      ])
      const junit = report(told, 'junit.xml')
      assert.match(junit, /failures="0"/)
      assert.match(junit, /name="flaky" value="true"/)
      assert.equal(JSON.parse(report(told, 'ctrf.json')).results.summary.flaky, 1)
      assert.match(told.stdout, /told again/)
      assert.match(told.stdout, /1 scenario/)
    }
  })

  test('not without it, not more often than that, and not for another cause', async () => {
    assert.deepEqual(ends(await runScript(COMMAND, { args: ['run', SCRIPT] })), ['a lamp failed'])
    const once = await runScript(COMMAND, { args: ['run', SCRIPT, '--retries', '1'] })
    assert.equal(once.code, 1)
    assert.deepEqual(ends(once), ['a lamp failed, told again', 'a lamp failed'])
    const dark = await runScript(COMMAND, { args: ['run', SCRIPT, '--retries', '2'], env: { DARK: '1' } })
    assert.equal(dark.code, 1)
    assert.deepEqual(ends(dark).slice(-1), ['a torch failed'])
    assert.deepEqual(causes(dark), ['failed: a torch: Error: the battery is empty'])
  })

  test('--fail-on-flaky makes it a failure, named', async () => {
    const args = ['run', SCRIPT, '--retries', '2', '--fail-on-flaky']
    const told = await runScript(COMMAND, { args })
    assert.equal(told.code, 1)
    assert.deepEqual(causes(told)[0], 'failed: flaky: a lamp: Error: the bulb is cold, 1')
    const alone = await runScript(COMMAND, { args: ['run', SCRIPT, '--fail-on-flaky'] })
    assert.equal(alone.code, 2)
    assert.match(alone.stderr, /--fail-on-flaky is for --retries/)
  })
})
