import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { poll } from '../../src/wait/poll.ts'
import { checkReports } from '../report/artefacts.ts'
import { runScript, startScript, story } from './script.ts'

// What real runs leave: passed, failed, interrupted, killed. Each report is checked by the rules of those who read it.

const COMMAND = 'src/cli/main.mts'
const folder = mkdtempSync(join(tmpdir(), 'shakedown-artefacts-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const REPORTS = ['ctrf.json', 'junit.xml', 'metrics.prom', 'report.html', 'summary.md']

function resultsIn(name: string): (file: string) => string {
  return (file) => readFileSync(join(folder, name, 'latest', file), 'utf8')
}

async function startWaiting(name: string) {
  const base = join(folder, name)
  const env = { SHAKEDOWN_RESULTS_BASE: base, MARK: `artefacts-${name}` }
  const script = startScript(COMMAND, { args: ['run', story('waits'), story('fails')], env })
  const look = async () => {
    const log = readdirSync(base, { recursive: true }).find((path) => String(path).endsWith('events.ndjson'))
    const text = log === undefined ? '' : readFileSync(join(base, String(log)), 'utf8')
    return /"kind":"step:start".*"title":"waits"|"kind":"service:ready"/.test(text)
  }
  await poll(look, { what: 'its service is ready', within: 120_000, judge: (met) => ({ met }) })
  return script
}

describe('a run', { concurrency: 2 }, () => {
  test('that passed leaves every report', async () => {
    const env = { SHAKEDOWN_RESULTS_BASE: join(folder, 'passed') }
    assert.equal((await runScript(story('passes'), { env })).code, 0)
    checkReports(resultsIn('passed'))
    assert.match(resultsIn('passed')('summary.md'), /2 of 2 scenarios passed/)
  })

  test('that failed leaves every report', async () => {
    const env = { SHAKEDOWN_RESULTS_BASE: join(folder, 'failed') }
    const args = [
      'run',
      story('fails'),
      'fixtures/scripts/claims_fail.mts',
      'fixtures/scripts/teardown_fails_too.mts',
    ]
    assert.equal((await runScript(COMMAND, { args, env })).code, 1)
    checkReports(resultsIn('failed'))
    assert.match(resultsIn('failed')('junit.xml'), /<failure message="not as expected: 404"/)
  })

  test('that was interrupted leaves every report', async () => {
    const script = await startWaiting('interrupted')
    script.signal('SIGINT')
    assert.equal((await script.ended).code, 130)
    checkReports(resultsIn('interrupted'))
    const read = resultsIn('interrupted')
    assert.match(read('metrics.prom'), /^shakedown_run_exit_code 130$/m)
    assert.match(read('metrics.prom'), /^shakedown_claims{outcome="missed"} [01]$/m)
    const events = read('events.ndjson')
      .trimEnd()
      .split('\n')
      .map((line): Event => JSON.parse(line))
    const told = (kind: string) => events.filter((event) => event.kind === kind)
    // What is stopped with a scenario says whose it was.
    for (const kind of ['service:stopping', 'service:exit', 'service:stopped'])
      assert.deepEqual(
        told(kind).map(({ scenario }) => scenario),
        ['1'],
        kind,
      )
    const [broken] = told('claim').filter((event) => 'aborted' in event && event.aborted === true)
    assert.equal(broken?.script, story('waits'))
  })

  test('that was killed leaves its log; every report can be made of it', async () => {
    const script = await startWaiting('killed')
    script.signal('SIGKILL')
    assert.equal((await script.ended).signal, 'SIGKILL')
    const run = join(folder, 'killed', 'latest')
    assert.ok(!REPORTS.some((name) => readdirSync(`${run}/`).includes(name)), 'nobody has made one')
    const again = await runScript(COMMAND, { args: ['report', run] })
    assert.equal(again.code, 0, again.stderr)
    assert.match(again.stdout, /the run ended abruptly after/)
    checkReports(resultsIn('killed'))
    const read = resultsIn('killed')
    assert.match(read('junit.xml'), /<error message="the run ended abruptly while this was under way"/)
    assert.match(read('metrics.prom'), /^shakedown_run_finished 0$/m)
    assert.equal(JSON.parse(read('ctrf.json')).results.environment.healthy, false)
    for (const line of read('events.ndjson').split('\n').slice(0, -1)) JSON.parse(line)
  })
})
