import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { plainEnvironment, root } from './script.ts'

// `shakedown report` from a directory of its own, with runs that were recorded.

const folder = mkdtempSync(join(tmpdir(), 'shakedown-again-'))
after(() => rmSync(folder, { recursive: true, force: true }))

before(() => {
  for (const name of ['passing', 'failing', 'abrupt']) {
    const run = join(folder, 'results', `2026-01-01-${name}`)
    mkdirSync(run, { recursive: true })
    cpSync(join(root, 'fixtures', 'events', `${name}.ndjson`), join(run, 'events.ndjson'))
  }
  symlinkSync('2026-01-01-failing', join(folder, 'results', 'latest'))
  writeFileSync(join(folder, 'no-run.txt'), '')
})

function shakedown(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'src', 'cli', 'main.mts'), ...args],
    {
      cwd: folder,
      env: plainEnvironment(),
      encoding: 'utf8',
    },
  )
  return { status, stdout, stderr }
}

describe('shakedown report, from any directory,', () => {
  test('tells the latest run once more and writes its reports', () => {
    const told = shakedown('report')
    assert.equal(told.status, 0, told.stderr)
    assert.match(told.stdout, /✗ failed {2}/)
    const written = readdirSync(join(folder, 'results', '2026-01-01-failing'))
    for (const name of ['junit.xml', 'ctrf.json', 'metrics.prom', 'summary.md'])
      assert.ok(written.includes(name))
  })

  test('takes a run by its folder, its name, or its log', () => {
    for (const word of [
      'results/2026-01-01-abrupt',
      '2026-01-01-abrupt',
      './results/2026-01-01-abrupt/events.ndjson',
    ])
      assert.match(
        shakedown('report', word, '--reporter', 'agent').stdout,
        /the run ended abruptly after/,
        word,
      )
  })

  test('names the nearest run for what is none', () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['2026-01-01-abrut'], /not the folder of a run\n.*\n.*did you mean results\/2026-01-01-abrupt\?/],
      [['results/2026-01-01-pasing'], /did you mean results\/2026-01-01-passing\?/],
      [['results'], /did you mean results\/2026-01-01-passing\?/],
      [['no-run.txt'], /no-run\.txt is not the folder of a run/],
      [['a', 'b'], /one run at a time\n.*\n.*shakedown merge a b/],
      [['--reporter', 'lines'], /unknown reporter: lines\n.*did you mean line\?/],
      [['--quick'], /unknown flag: --quick/],
    ]
    for (const [words, message] of cases) {
      const told = shakedown('report', ...words)
      assert.equal(told.status, 2, words.join(' '))
      assert.match(told.stderr, message)
    }
  })

  test('says what it is, and each of its commands', () => {
    assert.match(shakedown().stdout, /^usage: shakedown <command>/)
    assert.match(shakedown('--help').stdout, /tell a run once more/)
    assert.match(
      shakedown('report', '--help').stdout,
      /^usage: shakedown report \[run\][\s\S]*--reporter NAME/,
    )
    assert.match(
      shakedown('run', '-h').stdout,
      /^usage: shakedown run \[scripts, folders, globs…\] \[flags\][\s\S]*exit codes/,
    )
    assert.match(shakedown('--version').stdout, /^\d+\.\d+\.\d+/)
    const unknown = shakedown('reprot')
    assert.equal(unknown.status, 2)
    assert.match(unknown.stderr, /unknown command: reprot\n.*did you mean report\?/)
  })

  test('joins logs that were concatenated', () => {
    const merged = join(folder, 'merged')
    mkdirSync(merged)
    const logs = ['passing', 'failing'].map((name) => join('results', `2026-01-01-${name}`, 'events.ndjson'))
    assert.equal(
      spawnSync('sh', ['-c', `cat ${logs.join(' ')} > merged/events.ndjson`], { cwd: folder }).status,
      0,
    )
    const told = shakedown('report', 'merged', '--reporter', 'agent')
    assert.equal(told.status, 0, told.stderr)
    assert.match(told.stdout, /^failed {2}3 of 4 scenarios in /m)
  })
})
