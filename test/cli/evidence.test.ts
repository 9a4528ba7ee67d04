import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import { findComponent } from '../../src/run/find.ts'
import { root, runScript, type ScriptOptions, story } from './script.ts'

// What is kept of a scenario that failed, of real services.

const folder = mkdtempSync(join(tmpdir(), 'shakedown-evidence-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const isComplete = ['redis-server', 'prometheus'].every((name) => 'path' in findComponent(name))
const skip = isComplete ? false : 'Redis or Prometheus is not installed'

interface Kept {
  readonly results: string
  readonly stdout: string
  read(file: string): string
}

async function run(name: string, file: string, options: ScriptOptions = {}): Promise<Kept> {
  const base = join(folder, name)
  const told = await runScript(file, { ...options, env: { ...options.env, SHAKEDOWN_RESULTS_BASE: base } })
  const results = join(base, 'latest')
  return { results, stdout: told.stdout, read: (path) => readFileSync(join(results, path), 'utf8') }
}

describe('of a scenario that failed', { concurrency: 2 }, () => {
  test('everything is kept that its services can say, before they are stopped', { skip }, async () => {
    const { read, results, stdout } = await run('by-hand', story('fails_with_services'))
    const evidence = (file: string) => read(`evidence/1-the-shop-sells-nothing/${file}`)
    assert.match(evidence('redis/info.txt'), /^redis_version:/m)
    assert.match(evidence('redis/keys.txt'), /^1 of 1 keys\n.*\n +-1 {2}string {2}basket {2}"three apples"$/m)
    const { status, data } = JSON.parse(evidence('prometheus/targets.json'))
    assert.deepEqual([status, data.activeTargets.length], ['success', 1])
    assert.match(evidence('shop/metrics.txt'), /^shop_sales_total 7$/m)
    assert.equal(evidence('till/drawer.txt'), 'three coins')
    assert.match(evidence('shop/log.txt'), /^out open for business$/m)
    assert.match(evidence('environment.txt'), /^PATH=/m)
    assert.match(evidence('processes.txt'), /^ +\d+ +\d+ +\d+\.\d +\d+ {2}.*redis-server/m)
    const services: readonly Record<string, unknown>[] = JSON.parse(evidence('services.json'))
    const shop = services.find(({ name }) => name === 'shop')
    assert.equal(shop?.['state'], 'running')
    assert.ok(Array.isArray(shop['variables']) && shop['variables'].includes('COLOUR=green'))
    assert.ok(shop['variables'].includes('SHOP_PASSWORD=[secret]'))
    const event = JSON.parse(
      readFileSync(join(results, 'events.ndjson'), 'utf8')
        .split('\n')
        .find((line) => line.includes('"kind":"evidence"')) ?? '{}',
    )
    assert.deepEqual(event.missing, ['frozen: no answer in time'])
    assert.ok(event.files.includes('redis/info.txt'))
    const [{ attachments }] = JSON.parse(read('ctrf.json')).results.tests
    const paths: readonly string[] = attachments.map(({ path }: { path: string }) => resolve(root, path))
    assert.ok(paths.some((path) => path.endsWith('redis/info.txt')))
    for (const path of paths) assert.ok(existsSync(path), path)
    assert.match(read('summary.md'), /^Evidence: \d+ files in /m)
    assert.match(stdout, /evidence: \d+ files in \S+evidence\/1-the-shop-sells-nothing/)
  })

  test('the environment is kept by a list of what may be, and secrets are in none of it', async () => {
    const env = { MY_DIARY: 'dear diary', SHAKEDOWN_TOKEN: 'sesame-sesame', TZ: 'UTC' }
    const { read } = await run('environment', 'fixtures/scripts/claims_fail.mts', { env })
    const text = read('evidence/1-values/environment.txt')
    assert.match(text, /^TZ=UTC$/m)
    assert.match(text, /^SHAKEDOWN_TOKEN=\[secret\]$/m)
    assert.doesNotMatch(text, /DIARY|sesame/)
  })

  test('each script of a run has its own folder, and only its owner can read the results', async () => {
    const args = ['run', story('fails'), 'fixtures/scripts/claims_fail.mts']
    const { results } = await run('several', 'src/cli/main.mts', { args })
    assert.deepEqual(readdirSync(join(results, 'evidence')).sort(), ['claims_fail', 'fails'])
    assert.equal(statSync(`${results}/`).mode & 0o777, 0o700)
    assert.equal(statSync(join(results, 'evidence')).mode & 0o777, 0o700)
  })

  test('what passed, was skipped or interrupted keeps none', async () => {
    const passed = await run('passed', story('passes'))
    assert.ok(!readdirSync(passed.results).includes('evidence'))
    const skipped = await run('skipped', 'fixtures/scripts/skips.mts')
    assert.ok(!readdirSync(skipped.results).includes('evidence'))
  })
})
