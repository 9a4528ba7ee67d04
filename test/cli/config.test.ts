import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { makeWorkspace, type Workspace } from './workspace.ts'

// shakedown.config.ts, the environment and flags: who wins, and what is refused.

const made: Workspace[] = []
after(() => {
  for (const one of made) one.remove()
})

function workspace(config: string, ...stories: readonly string[]): Workspace {
  const one = makeWorkspace(...stories)
  made.push(one)
  one.write('package.json', '{ "type": "module" }')
  one.write('shakedown.config.ts', config)
  return one
}

function beginning({ folder }: Workspace, results = 'results'): Extract<Event, { kind: 'run:start' }> {
  const [first = ''] = readFileSync(join(folder, results, 'latest', 'events.ndjson'), 'utf8').split('\n')
  return JSON.parse(first)
}

describe('the configuration', { concurrency: 2 }, () => {
  test('stands for what would be typed each time', async () => {
    const one = workspace(
      `import type { Config } from 'shakedown'
       export const config: Config = { scripts: ['e2e/fl*.mts'], mode: 'quick', retries: 2, results: 'out' }`,
      'flickers',
      'passes',
    )
    const { code, stdout, stderr } = await one.shakedown(['run'])
    assert.equal(code, 0, stdout + stderr)
    assert.deepEqual(beginning(one, 'out').scripts, ['e2e/flickers.mts'])
    assert.equal(beginning(one, 'out').mode['name'], 'quick')
    assert.deepEqual((await one.shakedown(['list'])).stdout.split('\n')[0], 'e2e/flickers.mts')
    await one.shakedown(['run', 'e2e/passes.mts'])
    assert.deepEqual(beginning(one, 'out').scripts, ['e2e/passes.mts'])
  })

  test('a flag wins over a variable, a variable over the file, the file over the mode', async () => {
    const one = workspace(`export const config = { timeout: '3m', mode: 'ci', reporter: 'dot' }`)
    one.write(
      'e2e/waits.mts',
      `import { expect, scenario } from 'shakedown'
       const never = { describe: 'a door', read: async () => 'shut' }
       await scenario('a wait', async () => expect(never).toBe('open', { within: '10m' }))`,
    )
    const variables = { SHAKEDOWN_TIMEOUT: '2s', SHAKEDOWN_MODE: 'quick', SHAKEDOWN_REPORTER: 'agent' }
    const cases: readonly (readonly [readonly string[], Readonly<Record<string, string>>, string])[] = [
      [['--timeout', '1s', '--full', '--reporter', 'line'], variables, 'longer than 1.0s full'],
      [[], variables, 'longer than 2.0s quick'],
    ]
    for (const [flags, env, expected] of cases) {
      const { code, stdout } = await one.shakedown(['run', ...flags], env)
      assert.equal(code, 124, stdout)
      const [, took] = /(longer than \S+)/.exec(stdout) ?? []
      assert.equal(`${took} ${beginning(one).mode['name']}`, expected)
    }
    // What the file says alone, and what the mode says alone: 3 and 5 minutes are not waited for.
    one.write('shakedown.config.ts', `export const config = { timeout: '1500ms', mode: 'ci' }`)
    const file = await one.shakedown(['run'])
    assert.match(file.stdout, /longer than 1\.5s/)
    assert.equal(beginning(one).mode['name'], 'ci')
    const off = await one.shakedown(['run', '--timeout', '1s', '--quick'], { SHAKEDOWN_TIMEOUT: '' })
    assert.match(off.stdout, /longer than 1\.0s/)
  })

  test('what is wrong in it is named before anything starts', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['export const config = { worker: 2 }', /unknown key: worker\n.*did you mean workers\?/],
      ['export const config = { timeout: 5 }', /timeout is 5\n.*a duration in words/],
      ["export const config = { mode: 'fast' }", /mode is "fast"\n.*'quick', 'full' or 'ci'/],
      ["export default { scripts: 'e2e' }", /scripts is "e2e"\n.*a list of texts/],
      ['export const options = {}', /has no configuration\n.*export const config: Config/],
      ['export const config = {', /shakedown\.config\.ts cannot be loaded/],
    ]
    for (const [text, message] of cases) {
      const one = workspace(text, 'passes')
      const { code, stderr } = await one.shakedown(['run'])
      assert.equal(code, 2, text)
      assert.match(stderr, message)
      assert.ok(!readdirSync(one.folder).includes('results'))
      assert.equal((await one.shakedown(['run', '--help'])).code, 0)
    }
  })
})
