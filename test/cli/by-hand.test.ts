import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pidsOf, until } from '../service/until.ts'
import { fixture, runScript, startScript, story, type Told } from './script.ts'

// Scripts that a person runs with Node alone.

function outcomes({ events }: Told): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'scenario:end' ? [`${event.title}: ${event.outcome}`] : [],
  )
}

describe('a script that is run by hand', { concurrency: 2 }, () => {
  test('has the flags of a run', async () => {
    const only = await runScript(story('passes'), { args: ['--quick', '--only', 'STONE'] })
    assert.equal(only.code, 0)
    assert.deepEqual(outcomes(only), ['a stone: passed'])
    assert.match(only.stdout, /quick mode/)
    const list = await runScript(story('passes'), { args: ['--list'] })
    assert.equal(list.code, 0)
    assert.equal(list.runs, 0)
    assert.match(list.stdout, /^ {2}a bird +animal p0 +fixtures\/stories\/passes\.mts:4\n {2}a stone/)
    const help = await runScript(story('passes'), { args: ['--help'] })
    assert.equal(help.code, 0)
    assert.match(help.stdout, /usage: node passes\.mts \[flags\]/)
  })

  test('is told as --reporter says, by hand and by the command', async () => {
    const [green, red] = [story('passes'), fixture('claims_fail')]
    const byHand = await runScript(green, { args: ['--reporter', 'agent'] })
    assert.match(byHand.stdout, /^passed {2}2 scenarios in \S+ {2}.*\n$/)
    const args = ['run', green, red, '--reporter=agent']
    const byCommand = await runScript('src/cli/main.mts', { args })
    assert.equal(byCommand.code, 1)
    assert.match(byCommand.stdout, /^FAILED claims_fail > values > number\nnot as expected: 404\n/)
    const odd = await runScript(green, { args: ['--reporter', 'agnet'] })
    assert.equal(odd.code, 2)
    assert.equal(odd.runs, 0)
    assert.match(odd.stderr, /unknown reporter: agnet\n[\s\S]*did you mean agent\?/)
  })

  test('is told in colours in CI only where they are forced, and in groups in GitHub', async () => {
    const tell = async (env: Readonly<Record<string, string>>) =>
      (await runScript(story('passes'), { env })).stdout
    assert.ok((await tell({ CI: '1', FORCE_COLOR: '1' })).includes('\u001b['))
    assert.ok(!(await tell({ CI: '1' })).includes('\u001b['))
    const github = await tell({ CI: 'true', GITHUB_ACTIONS: 'true' })
    assert.match(github, /^::group::✓ a bird .*\n[\s\S]*?^::endgroup::$/m)
  })

  test('tells lines of JSON and nothing else on its stdout, whatever it prints itself', async () => {
    const told = await runScript(story('prints'), { args: ['--reporter', 'json'] })
    const lines = told.stdout.trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line): unknown => JSON.parse(line)),
      told.events,
    )
    assert.match(told.stderr, /said aloud/)
  })

  test('has the same from its environment', async () => {
    const told = await runScript(story('passes'), { env: { SHAKEDOWN_TAG: 'p0', SHAKEDOWN_MODE: 'quick' } })
    assert.deepEqual(outcomes(told), ['a bird: passed'])
  })

  test('may have words of its own, after two dashes anything', async () => {
    const told = await runScript(story('passes'), { args: ['word', '--', '--its-own'] })
    assert.equal(told.code, 0)
  })

  for (const [flags, message] of [
    [['--quik'], /unknown flag: --quik\n.*\n.*did you mean --quick\?/],
    [['--quick', '--full'], /--quick and --full do not go together/],
    [['--timeout', 'soon'], /--timeout soon is no duration/],
    [['--only', 'a brid'], /no scenario has "a brid" in its title\n.*\n?.*did you mean "a bird"\?/],
    [['--tag', 'p1'], /no scenario has the tag p1\n(.*\n)?.*did you mean p0\?/],
    [['--list', '--tag', 'p1'], /no scenario has the tag p1/],
  ] as const) {
    test(`refuses ${flags.join(' ')} with 2`, async () => {
      const told = await runScript(story('passes'), { args: flags })
      assert.equal(told.code, 2, told.stderr)
      assert.match(told.stderr, message)
      assert.deepEqual(told.events, [])
    })
  }

  test('refuses an unknown mode before anything of it runs, without a stack of Node', async () => {
    const told = await runScript(story('passes'), { env: { SHAKEDOWN_MODE: 'quik' } })
    assert.equal(told.code, 2)
    assert.match(told.stderr, /^unknown mode: quik\n.*did you mean quick\?\n$/)
  })

  test('ends with 124 when its time is up', async () => {
    const mark = `mark-${randomBytes(8).toString('hex')}`
    const told = await runScript(story('waits'), { args: ['--timeout', '2s'], env: { MARK: mark } })
    assert.equal(told.code, 124)
    assert.deepEqual(outcomes(told), ['a patient script: failed'])
    await until('its program is gone', () => pidsOf(mark).length === 0)
  })

  test('says where its results cannot be written, with 3', async () => {
    const told = await runScript(story('passes'), { args: ['--results', '/dev/null/x'] })
    assert.equal(told.code, 3)
    assert.match(told.stderr, /results cannot be written to \/dev\/null\/x/)
  })

  test('goes on without its log when the disk is full, and says so with 3', async () => {
    const told = await runScript(story('passes'), {
      // Files of more than 1 KiB cannot be written, which is told like a full disk.
      command: ['sh', '-c', 'trap \'\' XFSZ; ulimit -f 1; exec "$0" "$@"', process.execPath],
    })
    assert.equal(told.code, 3, told.stderr)
    assert.match(told.stdout, /the event log is incomplete: EFBIG/)
    assert.match(told.stdout, /a stone/)
  })

  test('keeps the logs of its services in its results', async () => {
    const results = mkdtempSync(join(tmpdir(), 'shakedown-test-'))
    const told = await runScript(fixture('service_dies'), { args: ['--results', results] })
    assert.equal(told.code, 1)
    assert.ok(existsSync(join(results, 'latest', 'logs', 'shop.log')), readdirSync(results).join())
    rmSync(results, { recursive: true, force: true })
  })

  test('stays up with --keep, says where everything is, and goes on with Enter', async () => {
    const script = startScript(story('serves'), { args: ['--keep'] })
    await script.told('it is kept up', (event) => event.kind === 'note' && /kept up/.test(event.text))
    script.type('\n')
    const told = await script.ended
    assert.equal(told.code, 0)
    assert.match(told.stdout, /web {2}127\.0\.0\.1:\d+/)
    assert.match(told.stdout, /serves is kept up: press Enter to stop everything/)
  })

  test('stays up with --keep when it failed, until Ctrl-C', async () => {
    const script = startScript(story('fails'), { args: ['--keep'] })
    await script.told('it is kept up', (event) => event.kind === 'note' && /kept up/.test(event.text))
    script.signal('SIGINT')
    const told = await script.ended
    assert.equal(told.code, 130)
    assert.deepEqual(outcomes(told), ['a fish: failed'])
  })

  test('takes Enter from a terminal, too', async () => {
    const script = startScript(story('serves'), {
      command: ['sh', '-c', `exec script -qec "$0 $1 --keep" /dev/null`, process.execPath],
    })
    await script.told('it is kept up', (event) => event.kind === 'note' && /kept up/.test(event.text))
    script.type('\r')
    const told = await script.ended
    assert.equal(told.code, 0, told.stdout)
    assert.deepEqual(outcomes(told), ['serves: passed'])
  })

  test('does nothing at all where it has no scenario', async () => {
    const told = await runScript(story('has_no_scenario'), { args: ['--whatever'] })
    assert.equal(told.code, 0)
    assert.equal(told.stdout + told.stderr, '')
  })
})

describe('in a process of another test runner', { concurrency: 2 }, () => {
  test('errors, signals and flags are left to that runner', async () => {
    const told = await runScript('fixtures/stories/in_node_test.mts', {
      command: [process.execPath, '--test'],
      env: { SHAKEDOWN_LEAVE: '1' },
    })
    assert.match(told.stdout, /tests 3\n.*\n?.*pass 1\n.*fail 2/, told.stdout)
    assert.equal(told.code, 1)
    assert.equal(told.runs, 0)
  })
})
