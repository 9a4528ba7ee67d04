import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeWorkspace } from './workspace.ts'

// Shards of one project, run apart, and what `shakedown merge` makes of them.

const one = makeWorkspace('passes', 'fails', 'flickers', 'proves_little', 'wants_the_gpu')
after(() => one.remove())

before(async () => {
  one.write('durations.json', '{ "e2e/fails.mts": 900, "e2e/wants_the_gpu.mts": 1000 }')
  const flags = ['--durations', 'durations.json', '--retries', '2']
  for (const index of [1, 2, 3])
    await one.shakedown(['run', ...flags, '--shard', `${index}/3`, '--results', `shards/${index}`])
  await one.shakedown(['run', '--retries', '2', '--results', 'whole'])
})

/** What a report says besides times, folders and the order in which scripts ended. */
function tests(folder: string): readonly string[] {
  const report = JSON.parse(readFileSync(join(one.folder, folder, 'ctrf.json'), 'utf8'))
  const cases: readonly Record<string, unknown>[] = report.results.tests
  return cases.map(({ suite, name, status, flaky }) => [suite, name, status, flaky].join(' ')).sort()
}

describe('shakedown merge', () => {
  test('gives the same report as one run, and its exit code', async () => {
    const told = await one.shakedown(['merge', 'shards', '--results', 'merged', '--durations', 'next.json'])
    assert.equal(told.code, 1, told.stderr)
    assert.ok(tests('whole/latest').length > 8)
    assert.deepEqual(tests('merged/latest'), tests('whole/latest'))
    for (const name of ['report.html', 'junit.xml', 'metrics.prom', 'summary.md'])
      assert.ok(existsSync(join(one.folder, 'merged', 'latest', name)), name)
    const durations = JSON.parse(readFileSync(join(one.folder, 'next.json'), 'utf8'))
    const scripts = ['fails', 'flickers', 'passes', 'proves_little', 'wants_the_gpu']
    assert.deepEqual(
      Object.keys(durations),
      scripts.map((name) => `e2e/${name}.mts`),
    )
  })

  test('every shard ran its own part, and the evidence of all is kept', () => {
    const log = readFileSync(join(one.folder, 'merged', 'latest', 'events.ndjson'), 'utf8')
    const events = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const ran = events.filter(({ kind }) => kind === 'script:start').map(({ file }) => file)
    assert.equal(new Set(ran).size, 5)
    assert.equal(ran.length, 5)
    const kept = events.filter(({ kind }) => kind === 'evidence').map(({ folder }) => folder)
    assert.ok(kept.length >= 1)
    for (const folder of kept) assert.ok(existsSync(join(one.folder, folder)), folder)
  })

  test('a shard that is missing fails the whole, named', async () => {
    const told = await one.shakedown(['merge', 'shards/1', 'shards/3', '--results', 'partly'])
    assert.equal(told.code, 3)
    assert.match(told.stdout, /shard 2\/3 never told anything/)
    const junit = readFileSync(join(one.folder, 'partly', 'latest', 'junit.xml'), 'utf8')
    assert.match(junit, /shard 2\/3 never told anything/)
  })

  test('what does not belong together is refused', async () => {
    await one.shakedown(['run', '--shard', '2/2', '--results', 'other'])
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /nothing to merge\n.*shakedown merge shards/],
      [['shards/4'], /there is no run in shards\/4/],
      [['shards/1', 'other'], /not a shard of the same division\n.*--durations/],
      [['shards/1', 'whole'], /not a shard of the same division/],
    ]
    for (const [words, message] of cases) {
      const { code, stderr } = await one.shakedown(['merge', ...words, '--results', 'never'])
      assert.equal(code, 2)
      assert.match(stderr, message)
    }
    await one.shakedown(['run', '--shard', '2/3', '--durations', 'durations.json', '--results', 'again'])
    const twice = await one.shakedown(['merge', 'shards', 'again', '--results', 'never'])
    assert.match(twice.stderr, /shard 2\/3 is there twice\n {2}last .*again.* and .*shards\/2/)
    assert.ok(!existsSync(join(one.folder, 'never')))
  })

  test('--shard and --durations say what they are', async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--shard', '4/3'], /--shard 4\/3\n.*from 1\/3 to 3\/3/],
      [['--shard', '1/9'], /5 scripts cannot be divided into 9 shards/],
      [['--durations', 'durations.json'], /--durations is for --shard/],
      [['--shard', '1/2', '--durations', 'none.json'], /none\.json has no durations\n.*\n.*no such file/],
      [['--shard', '1/2', '--durations', 'e2e/passes.mts'], /e2e\/passes\.mts has no durations/],
    ]
    for (const [flags, message] of cases) {
      const { code, stderr } = await one.shakedown(['run', ...flags])
      assert.equal(code, 2)
      assert.match(stderr, message)
    }
    rmSync(join(one.folder, 'shards'), { recursive: true })
  })
})
