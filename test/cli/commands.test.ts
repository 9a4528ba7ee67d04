import assert from 'node:assert/strict'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { pidsOf, until } from '../service/until.ts'
import { startScript, story } from './script.ts'
import { openWorkspaces, type Workspace } from './workspace.ts'

// The commands beside run: each typed as a person would, in a project of its own.

const workspace = openWorkspaces()

function logOf({ folder }: Workspace): string {
  return readFileSync(join(folder, 'results', 'latest', 'events.ndjson'), 'utf8')
}

describe('shakedown', { concurrency: 2 }, () => {
  test('rerun runs what failed, in the mode of that run', async () => {
    const one = workspace('fails', 'passes')
    assert.equal((await one.shakedown(['run', '--quick'])).code, 1)
    const again = await one.shakedown(['rerun'])
    assert.equal(again.code, 1)
    assert.match(logOf(one), /"mode":\{[^}]*"name":"quick"/)
    assert.match(logOf(one), /"kind":"scenario:start".*"title":"a fish"/)
    assert.doesNotMatch(logOf(one), /"kind":"scenario:start".*"title":"a (frog|bird)"/)
    assert.equal((await one.shakedown(['rerun', '--full', '--repeat', '1'])).code, 1)
    assert.match(logOf(one), /"mode":\{[^}]*"name":"full"/)
    writeFileSync(
      join(one.folder, 'e2e', 'fails.mts'),
      readFileSync(join(one.folder, 'e2e', 'fails.mts'), 'utf8').replace("'silence'", "'song'"),
    )
    assert.equal((await one.shakedown(['rerun'])).code, 0)
    const none = await one.shakedown(['rerun'])
    assert.equal(none.code, 0)
    assert.match(none.stdout, /nothing failed in results\/latest/)
    const [first = ''] = readdirSync(join(one.folder, 'results')).sort()
    const old = await one.shakedown(['rerun', first])
    assert.equal(old.code, 0)
    assert.match(logOf(one), /"title":"a fish"/)
  })

  test('rerun of nothing names what to do', async () => {
    const one = workspace('passes')
    const { code, stderr } = await one.shakedown(['rerun'])
    assert.equal(code, 2)
    assert.match(stderr, /results\/latest is not the folder of a run/)
  })

  test('show prints the address of the report, and opens it where there is a browser', async () => {
    const one = workspace('passes')
    await one.shakedown(['run'])
    const [folder = ''] = readdirSync(join(one.folder, 'results')).filter((name) => /^\d/.test(name))
    const address = pathToFileURL(join(one.folder, 'results', 'latest', 'report.html')).href
    const none = { DISPLAY: '', BROWSER: '/no/such/browser' }
    const shown = await one.shakedown(['show'], none)
    assert.equal(shown.stdout, `${address}\n`)
    assert.match(shown.stderr, /\/no\/such\/browser could not be started/)
    one.write('browser.sh', '#!/bin/sh\nprintf "%s" "$1" > opened.tmp && mv opened.tmp opened\n')
    chmodSync(join(one.folder, 'browser.sh'), 0o755)
    assert.equal((await one.shakedown(['show', folder], { BROWSER: './browser.sh' })).code, 0)
    await until('the browser was opened', () => existsSync(join(one.folder, 'opened')))
    assert.match(readFileSync(join(one.folder, 'opened'), 'utf8'), new RegExp(`${folder}/report\\.html$`))
    rmSync(join(one.folder, 'results', folder, 'report.html'))
    const gone = await one.shakedown(['show'])
    assert.equal(gone.code, 3)
    assert.match(gone.stderr, /report\.html is not there\n.*shakedown report results\/latest/)
  })

  test('clean --dry-run says what a dead run has left, and clean takes it away', async () => {
    const one = workspace()
    const mark = `mark-${process.pid}-${Date.now()}`
    const state = join(one.folder, '.state')
    const script = startScript(story('waits'), { env: { MARK: mark, SHAKEDOWN_STATE: state } })
    await script.told('it waits', (event) => event.kind === 'step:start')
    const during = await one.shakedown(['clean', '--dry-run'])
    assert.equal(during.stdout, 'no dead run has left anything\n')
    // Both at once, so that there is nobody who cleans up.
    const ledger = readdirSync(join(state, 'runs')).map((name) =>
      join(state, 'runs', name, 'ledger.ndjson'),
    )[0]
    const watchdogs = readFileSync(ledger ?? '', 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === 'watchdog')
    for (const { pid } of watchdogs) process.kill(pid, 'SIGSTOP')
    script.signal('SIGKILL')
    await script.ended
    for (const { pid } of watchdogs) process.kill(pid, 'SIGKILL')
    const [pid = 0] = pidsOf(mark)
    assert.ok(pid > 0, 'its program outlives it')
    const dry = await one.shakedown(['clean', '--dry-run'])
    assert.match(dry.stdout, new RegExp(`waits\\.mts.*would end ${pid} \\S+\\n {2}would remove ${state}`))
    assert.deepEqual(pidsOf(mark), [pid])
    const wet = await one.shakedown(['clean'])
    assert.equal(wet.code, 0)
    assert.match(wet.stdout, new RegExp(`ended ${pid} `))
    assert.deepEqual(pidsOf(mark), [])
    assert.equal((await one.shakedown(['clean', 'everything'])).code, 2)
  })

  test('doctor exits 3 only for what a script needs', async () => {
    const one = workspace('passes')
    const fine = await one.shakedown(['doctor'], { REDIS_BIN: '/no/redis' })
    assert.equal(fine.code, 0, fine.stdout)
    assert.match(fine.stdout, /^ok +node/)
    assert.match(fine.stdout, /absent +redis-server +REDIS_BIN=\/no\/redis does not exist/)
    one.write(
      'e2e/needs.mts',
      `import { scenario } from 'shakedown'
       await scenario('a cache', { requires: ['redis-server', 'surely-not-there'] }, async () => {})`,
    )
    const ill = await one.shakedown(['doctor'], { REDIS_BIN: '/no/redis' })
    assert.equal(ill.code, 3)
    assert.match(ill.stdout, /missing +redis-server +REDIS_BIN/)
    assert.match(ill.stdout, /missing +surely-not-there +is not on the PATH/)
    assert.equal((await one.shakedown(['doctor', 'e2e/passes.mts'])).code, 0)
  })

  test('install says what is there, what is missing, and what installs it', async () => {
    const one = workspace('passes')
    const none = await one.shakedown(['install'])
    assert.equal(none.stdout, 'no scenario requires a program that is known here\n')
    const dry = await one.shakedown(['install', 'redis-server', '--dry-run'], { REDIS_BIN: '/no/redis' })
    assert.equal(dry.code, 0)
    assert.match(dry.stdout, /^REDIS_BIN=\/no\/redis does not exist\n {2}unset REDIS_BIN/)
    const odd = await one.shakedown(['install', 'redis-srver'])
    assert.equal(odd.code, 2)
    assert.match(odd.stderr, /unknown component: redis-srver\n.*did you mean redis-server\?/)
  })

  test('an unknown one is refused with the nearest', async () => {
    const { code, stderr } = await workspace().shakedown(['docter'])
    assert.equal(code, 2)
    assert.match(stderr, /unknown command: docter\n.*did you mean doctor\?/)
  })
})
