import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { modelIn } from '../report/page/reading.ts'
import { runScript, story } from './script.ts'

// Real runs whose service and script say secrets in every way; then every byte that is left of them is searched.

const PLANTED = 'xyzzy&7/K "quoted"+Ünder'
const SECOND = 'plugh:8!opensesame'
const STORY = story('prints_secrets')

const folder = mkdtempSync(join(tmpdir(), 'shakedown-secrets-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** What must not be anywhere: the secrets, and what becomes of them. Parts are enough to recognise them. */
const NEEDLES: readonly string[] = [PLANTED, SECOND].flatMap((text) => [
  text,
  text.slice(0, 9),
  text.slice(-9),
  encodeURIComponent(text).slice(0, 9),
  encodeURIComponent(text).slice(-9),
  ...['', 'a', 'me:', `a:`].map((before) => Buffer.from(`${before}${text}`).toString('base64').slice(6, 18)),
])

function search(where: string, text: string): void {
  for (const needle of NEEDLES) {
    const at = text.indexOf(needle)
    assert.equal(
      at,
      -1,
      `${JSON.stringify(needle)} in ${where}: …${text.slice(Math.max(0, at - 80), at + 80)}…`,
    )
  }
}

/** Every file below, found by nothing of ours. */
function filesOf(base: string): readonly string[] {
  const all = globSync('**/*', { cwd: base }).map((name) => join(base, name))
  return all.filter((path) => statSync(path).isFile())
}

async function runAndSearch(name: string, file: string, args: readonly string[]): Promise<readonly string[]> {
  const base = join(folder, name)
  const summary = join(folder, `${name}.md`)
  const env = { PLANTED, SECOND, SHAKEDOWN_RESULTS_BASE: base, GITHUB_STEP_SUMMARY: summary }
  const told = await runScript(file, { args, env })
  assert.equal(told.code, 1, told.stderr)
  search('stdout', told.stdout)
  search('stderr', told.stderr)
  const files = [...filesOf(base), summary]
  for (const path of files) search(path, `${path}\n${readFileSync(path, 'utf8')}`)
  searchPages(files)
  const log = files.find((path) => path.endsWith('events.ndjson')) ?? ''
  for (const line of ['in two parts [secret]', 'now without an end [secret]', 'it is [secret]'])
    assert.ok(readFileSync(log, 'utf8').includes(line), `${line} was told`)
  return files.map((path) => path.slice(base.length))
}

/** What is packed in a page is searched as the browser unpacks it. */
function searchPages(files: readonly string[]): void {
  for (const path of files.filter((file) => file.endsWith('report.html')))
    search(path, JSON.stringify(modelIn(readFileSync(path, 'utf8'))))
}

describe('secrets that are printed', { concurrency: 2 }, () => {
  test('are in nothing that a script leaves that was run by hand as lines and as JSON', async () => {
    for (const reporter of ['line', 'json'])
      await runAndSearch(reporter, STORY, ['--reporter', reporter, '-v'])
  })

  test('are in nothing that a run of several leaves, nor in its reports made again', async () => {
    const files = await runAndSearch('several', 'src/cli/main.mts', ['run', STORY, story('passes'), '-v'])
    for (const end of [
      'events.ndjson',
      'junit.xml',
      'ctrf.json',
      'metrics.prom',
      'report.html',
      'summary.md',
      'shop.log',
      'processes.txt',
    ])
      assert.ok(
        files.some((file) => file.endsWith(end)),
        `${end} was searched: ${files.join(' ')}`,
      )
    const run = join(folder, 'several', 'latest')
    const again = await runScript('src/cli/main.mts', {
      args: ['report', run, '-v'],
      env: { PLANTED, SECOND },
    })
    search('the report made again', again.stdout + again.stderr)
    for (const path of filesOf(`${run}/`)) search(path, readFileSync(path, 'utf8'))
    searchPages(filesOf(`${run}/`))
  })
})
