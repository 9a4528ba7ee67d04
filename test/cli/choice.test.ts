import assert from 'node:assert/strict'
import { readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { openWorkspaces, type Workspace } from './workspace.ts'

// Which scripts `shakedown run` takes, and in which order, in a project of its own.

const workspace = openWorkspaces()

function eventsOf({ folder }: Workspace): readonly Event[] {
  const lines = readFileSync(join(folder, 'results', 'latest', 'events.ndjson'), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line): Event => JSON.parse(line))
}

function started(one: Workspace): readonly string[] {
  return eventsOf(one).flatMap((event) => (event.kind === 'script:start' ? [event.file] : []))
}

function told(one: Workspace): readonly string[] {
  return eventsOf(one)
    .flatMap((event) => (event.kind === 'scenario:start' ? [event.title] : []))
    .sort()
}

describe('shakedown run', { concurrency: 2 }, () => {
  test('takes files, folders and patterns, each script once, and e2e without a word', async () => {
    const one = workspace('passes', 'proves_little', 'fails')
    one.write('more/deep/inside.mjs', readFileSync(join(one.folder, 'e2e', 'passes.mts'), 'utf8'))
    const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
      [['e2e/passes.mts', './e2e/passes.mts'], ['e2e/passes.mts']],
      [
        ['more', 'e2e/p*.mts'],
        ['e2e/passes.mts', 'e2e/proves_little.mts', 'more/deep/inside.mjs'],
      ],
      [
        ['{more,e2e}/**/*pass*', 'more/**'],
        ['e2e/passes.mts', 'more/deep/inside.mjs'],
      ],
      [[], ['e2e/fails.mts', 'e2e/passes.mts', 'e2e/proves_little.mts']],
    ]
    for (const [words, scripts] of cases) {
      await one.shakedown(['run', ...words])
      assert.deepEqual([...started(one)].sort(), scripts, words.join(' '))
    }
    const none = await one.shakedown(['run', 'e2e/*.nothing'])
    assert.equal(none.code, 2)
    assert.match(none.stderr, /no file fits e2e\/\*\.nothing/)
    const empty = workspace()
    renameSync(join(empty.folder, 'e2e'), join(empty.folder, 'other'))
    const lost = await empty.shakedown(['run'])
    assert.equal(lost.code, 2)
    assert.match(lost.stderr, /no scripts to run\n.*below e2e\//)
  })

  test('begins with what took longest', async () => {
    const one = workspace('fails', 'passes', 'prints')
    await one.shakedown(['run', '--workers', '1'])
    assert.deepEqual(started(one), ['e2e/fails.mts', 'e2e/passes.mts', 'e2e/prints.mts'])
    const history = readFileSync(join(one.folder, 'results', 'history.ndjson'), 'utf8')
    assert.match(history, /"e2e\/prints\.mts: [^"]*":\{"outcome":"passed","milliseconds":\d+/)
    // As if it had taken an hour: what was measured would depend on the machine.
    one.write('results/history.ndjson', history.replace(/("e2e\/prints[^}]*"milliseconds":)\d+/, '$13600000'))
    await one.shakedown(['run', '--workers', '1'])
    assert.deepEqual(started(one)[0], 'e2e/prints.mts')
  })

  test('--bail starts nothing after a failure, and says what was left out', async () => {
    const one = workspace('fails', 'passes')
    const bailed = await one.shakedown(['run', '--workers', '1', '--bail'])
    assert.equal(bailed.code, 1)
    assert.deepEqual(started(one), ['e2e/fails.mts'])
    assert.match(bailed.stdout, /not run, because of --bail: e2e\/passes\.mts/)
  })

  test('--last-failed takes the scenarios that failed, and what did not come to its end', async () => {
    const one = workspace('fails', 'passes', 'crashes_inside')
    const first = await one.shakedown(['run', '--workers', '1'])
    assert.equal(first.code, 1)
    const again = await one.shakedown(['run', '--last-failed'])
    assert.equal(again.code, 1)
    assert.deepEqual([...started(one)].sort(), ['e2e/crashes_inside.mts', 'e2e/fails.mts'])
    assert.ok(!told(one).includes('a frog'), told(one).join())
    assert.ok(told(one).includes('a fish'))
    await one.shakedown(['run', 'e2e/fails.mts', 'e2e/passes.mts', '--workers', '1', '--bail'])
    await one.shakedown(['run', '--last-failed'])
    assert.deepEqual(told(one), ['a bird', 'a fish', 'a stone'])
    await one.shakedown(['run', 'e2e/passes.mts'])
    const green = await one.shakedown(['run', '--last-failed'])
    assert.equal(green.code, 0)
    assert.match(green.stdout, /nothing failed in results\/latest: nothing to run again/)
  })

  test('--until-fail goes on until something fails', async () => {
    const one = workspace()
    one.write(
      'e2e/third.mts',
      `import { appendFileSync, readFileSync } from 'node:fs'
       import { below, expect, scenario } from 'shakedown'
       appendFileSync('count', '.')
       await scenario('a third time', () => expect(readFileSync('count', 'utf8').length).toBe(below(3)))`,
    )
    const ended = await one.shakedown(['run', '--until-fail'])
    assert.equal(ended.code, 1)
    assert.equal(readdirSync(join(one.folder, 'results')).filter((name) => /^\d/.test(name)).length, 3)
    assert.match(ended.stderr, /round 3$/m)
    const both = await one.shakedown(['run', '--until-fail', '--repeat', '2'])
    assert.equal(both.code, 2)
    assert.match(both.stderr, /--repeat and --until-fail do not go together/)
  })

  test('--only is refused in CI, --inspect for several scripts, --cpus for what is no share', async () => {
    const one = workspace('fails', 'passes')
    const only = await one.shakedown(['run', '--only', 'a bird'], { CI: 'true' })
    assert.equal(only.code, 2)
    assert.match(only.stderr, /--only is for people.*\n.*CI=true\n.*--tag/)
    assert.equal((await one.shakedown(['run', '--only', 'a bird'], { CI: 'false' })).code, 0)
    const several = await one.shakedown(['run', '--inspect'])
    assert.equal(several.code, 2)
    assert.match(several.stderr, /--inspect is for one script, not for 2/)
    for (const share of ['0', '1', 'half']) {
      const { code, stderr } = await one.shakedown(['run', '--cpus', share])
      assert.equal(code, 2)
      assert.match(stderr, /--cpus \S+\n.*a number between 0 and 1/)
    }
  })
})
