import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { readSettings } from '../../../fixtures/systems/telemetry/settings.ts'
import { needsEtcd } from '../../etcd/server.ts'
import { root, run } from '../../scripts/project.ts'
import { runSuite } from './suite.ts'

const SYSTEM = join(root, 'fixtures/systems/telemetry')
const SUITE = 'TestProcessE2ETestSuite'
const ONE = `${SUITE}/TestProcessHealthEndpoints`

test('its tests have names, are grouped, and are chosen by name or tag (TEL-048, TEL-050, TEL-051, TEL-075)', async () => {
  const all = await runSuite(['--list'])
  assert.equal(all.code, 0, all.stderr)
  assert.equal(all.stdout.match(/TestProcessE2ETestSuite\/TestProcess/g)?.length, 4)
  const tagged = await runSuite(['--list', '--tag', 'integration'])
  assert.equal(tagged.stdout.match(/TestProcessE2ETestSuite\/TestProcess/g)?.length, 4)
  assert.doesNotMatch(tagged.stdout, /WebSocket/)
  const one = await runSuite(['--list', '--only', ONE])
  assert.match(one.stdout, new RegExp(ONE))
  assert.doesNotMatch(one.stdout, /TestProcessDataPersistence/)
})

test(
  'two suites side by side find the same, and leave nothing (TEL-065, TEL-069, TEL-070, TEL-071, TEL-084)',
  needsEtcd,
  async () => {
    const both = await Promise.all([
      runSuite(['--quick', '--only', SUITE]),
      runSuite(['--quick', '--only', SUITE]),
    ])
    for (const { code, stdout, stderr } of both) {
      assert.equal(code, 0, stdout + stderr)
      assert.match(stdout, /scenarios +4 passed/)
      assert.match(stdout, /nothing left behind/)
    }
  },
)

test('a port that is taken is named, with who holds it (TEL-067, TEL-089)', needsEtcd, async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => holder.once('listening', resolve))
  const address = holder.address()
  const port = typeof address === 'object' && address !== null ? String(address.port) : ''
  const { code, stderr, stdout } = await runSuite(['--quick', '--only', ONE], { STREAMER_PORT: port })
  holder.close()
  assert.equal(code, 3, stdout)
  assert.match(stderr + stdout, new RegExp(`port ${port} \\(STREAMER_PORT\\) is taken by .*${process.pid}`))
})

test('it ends at its time limit, which can be raised (TEL-081)', needsEtcd, async () => {
  const { code, stdout, stderr } = await runSuite(['--quick', '--only', ONE, '--timeout', '200ms'])
  assert.equal(code, 124, stdout + stderr)
})

test('a flag wins over its variable, which wins over what is taken otherwise (TEL-013, TEL-066)', () => {
  const { signal } = new AbortController()
  const read = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    readSettings({ args, env, signal }, { BATCH_SIZE: '100', LOG_LEVEL: 'info' })
  assert.deepEqual(read([]), { BATCH_SIZE: '100', LOG_LEVEL: 'info' })
  assert.deepEqual(read([], { BATCH_SIZE: '7' }), { BATCH_SIZE: '7', LOG_LEVEL: 'info' })
  assert.deepEqual(read(['-batch-size', '5', '--log-level=warn'], { BATCH_SIZE: '7' }), {
    BATCH_SIZE: '5',
    LOG_LEVEL: 'warn',
  })
  assert.throws(() => read(['-batchsize', '5']), /unknown flag: -batchsize/)
  assert.throws(() => read(['-batch-size']), /-batch-size needs a value/)
})

test('a debugger can be attached to a service, and its stacks name the sources (TEL-068)', async () => {
  const { stderr, code } = await run([
    process.execPath,
    '--inspect=127.0.0.1:0',
    `${SYSTEM}/streamer.mts`,
    '-no',
    '1',
  ])
  assert.match(stderr, /Debugger listening on ws:\/\/127\.0\.0\.1:\d+/)
  assert.match(stderr, /unknown flag: -no/)
  assert.equal(code, 1)
  const { signal } = new AbortController()
  assert.throws(
    () => readSettings({ args: ['-no'], env: {}, signal }, {}),
    ({ stack = '' }: Error) => /settings\.ts:\d+:\d+/.test(stack),
  )
})

test('the workflow runs the suite, by what CI runs on a bare machine (TEL-088)', async () => {
  const { on, jobs } = parse(await readFile(join(root, '.github/workflows/system-test.yml'), 'utf8'))
  assert.ok('push' in on && 'pull_request' in on)
  const { steps } = jobs['system-test']
  const linux = steps.filter((one: { if?: string }) => one.if === "runner.os == 'Linux'")
  assert.deepEqual(
    linux.map((one: { run?: string }) => one.run),
    ['bash .ci/run'],
  )
  const parts = (await readFile(join(root, '.ci/run'), 'utf8')).match(/^ {2}part .*$/gm)
  const words = parts?.map((line) => line.trim().split(' ').slice(3).join(' '))
  assert.ok(words?.includes('e2e/integration/telemetry/suite.mts --quick'), words?.join('\n'))
})

test('what is not shown in one process is written down (TEL-072, TEL-073, TEL-074)', async () => {
  const text = await readFile(`${SYSTEM}/README.md`, 'utf8')
  for (const said of [/One process is shared/, /It is not what is deployed/, /It has its price/])
    assert.match(text, said)
})
