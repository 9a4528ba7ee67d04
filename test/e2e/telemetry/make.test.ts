import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { freePort, holderOf } from '../../../src/service/evict.ts'
import { needsEtcd } from '../../etcd/server.ts'
import { copyProject, root, run, writeIn } from '../../scripts/project.ts'
import { until } from '../../service/until.ts'
import { make, own } from './suite.ts'

const METHODS = [
  'TestProcessHealthEndpoints',
  'TestProcessCSVUploadAndProcessing',
  'TestProcessGatewayAPIEndpoints',
  'TestProcessDataPersistence',
] as const
const PORTS = { streamer: 8091, gateway: 8090, etcd: 12_379 } as const

test('make test-process runs the four tests of the document, on its ports (TEL-012, TEL-033, TEL-034, TEL-043)', {
  skip: needsEtcd.skip || (await whoHoldsPorts()),
}, async () => {
  const { code, stdout, stderr } = await make('test-process')
  assert.equal(code, 0, stdout + stderr)
  for (const name of METHODS) assert.match(stdout, new RegExp(`✓ TestProcessE2ETestSuite/${name} `))
  for (const [name, port] of Object.entries(PORTS))
    assert.match(stdout, new RegExp(`● ${name}\\S* ready in \\S+  127\\.0\\.0\\.1:${port}\\b`))
})

test(
  'make test-process-verbose shows every claim and every line of every service (TEL-044, TEL-049)',
  needsEtcd,
  async () => {
    const quick = ['--quick']
    const { code, stdout, stderr } = await make('test-process-verbose', quick)
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /streamer │ .* info streamer process-test-streamer listens on/)
    const quiet = await make('test-process-short')
    assert.doesNotMatch(quiet.stdout, /process-test-streamer listens on/)
  },
)

test(
  'make test-specific runs one test by its name, and wants one (TEL-021, TEL-026, TEL-031, TEL-045)',
  needsEtcd,
  async () => {
    for (const name of METHODS.slice(0, 3)) {
      const { code, stdout, stderr } = await make('test-specific', ['--quick'], { words: [`TEST=${name}`] })
      assert.equal(code, 0, stdout + stderr)
      assert.match(stdout, /scenarios +1 passed/)
      assert.match(stdout, new RegExp(`✓ TestProcessE2ETestSuite/${name} `))
    }
    const { code, stderr } = await make('test-specific')
    assert.notEqual(code, 0)
    assert.match(stderr, /say which: make -f Makefile\.process test-specific TEST=TestProcessHealthEndpoints/)
  },
)

test('make setup-test-env says what is there: etcd, Docker, Node (TEL-040, TEL-042, TEL-046)', async () => {
  const { code, stdout } = await make('setup-test-env')
  assert.equal(code, 0)
  for (const name of ['node', 'etcd', 'etcdctl', 'docker'])
    assert.match(stdout, new RegExp(`^\\S+ +${name} `, 'm'))
})

test('make clean-test-data removes what runs left, in a project of its own (TEL-047, TEL-092)', async () => {
  // In a copy: it removes the results of the project that it stands in.
  await using copy = await copyProject()
  const left = await writeIn(copy.path, 'results/2026-01-01T00-00-00-quick/events.ndjson', '')
  const { code, stdout, stderr } = await run(['make', '-f', 'Makefile.process', 'clean-test-data'], {
    cwd: copy.path,
    // The container of the documents may be another test's at this moment.
    env: { ...own, ETCD_CONTAINER: 'telemetry-etcd-test-of-nobody' },
  })
  assert.equal(code, 0, stdout + stderr)
  assert.ok(!existsSync(left))
})

test(
  'make start-etcd runs one to look into by hand, until make stop-etcd (TEL-059, TEL-061, TEL-093)',
  needsEtcd,
  async (context) => {
    const port = String(await freePort())
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
    const env = { ...inherited, ...own, ETCD_PORT: port }
    const stop = () => run(['make', '-f', 'Makefile.process', 'stop-etcd'], { cwd: root, env })
    context.after(stop)
    const child = spawn('make', ['-f', 'Makefile.process', 'start-etcd'], { cwd: root, env })
    const ended = once(child, 'exit')
    let text = ''
    child.stdout.on('data', (chunk: Uint8Array) => {
      text += String(chunk)
    })
    await until('it says where it is', () => text.includes(`localhost:${port}\n`))
    const health = await fetch(`http://127.0.0.1:${port}/health`)
    assert.deepEqual(await health.json(), { health: 'true' })
    const stopped = await stop()
    assert.match(stopped.stdout, new RegExp(`stopped localhost:${port}`))
    assert.deepEqual(await ended, [0, null])
    assert.equal(await holderOf(Number(port)), undefined)
  },
)

test('make alone lists every target of the document', async () => {
  const { stdout } = await run(['make', '-f', 'Makefile.process'], { cwd: root, env: own })
  for (const name of [
    'test-process',
    'test-specific',
    'setup-test-env',
    'clean-test-data',
    'start-etcd',
    'stop-etcd',
  ])
    assert.match(stdout, new RegExp(`Makefile\\.process ${name} +\\S`))
})

/** Why the documented ports cannot be had at this moment. */
async function whoHoldsPorts(): Promise<string | false> {
  for (const port of Object.values(PORTS)) {
    const holder = await holderOf(port)
    if (holder !== undefined) return `port ${port} is taken by ${holder.describe}`
  }
  return false
}
