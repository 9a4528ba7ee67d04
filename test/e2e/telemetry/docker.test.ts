import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { freePort, holderOf } from '../../../src/service/evict.ts'
import { root, run } from '../../scripts/project.ts'
import { until } from '../../service/until.ts'
import { make, own, results } from './suite.ts'

const COMPOSE = [
  'docker',
  'compose',
  '--file',
  join(root, 'fixtures/systems/telemetry/compose.yaml'),
] as const
const container = { skip: await whyNoContainer() }

test('it is said whether Docker, Compose and the daemon are there (TEL-040, TEL-041, TEL-046, TEL-090)', async () => {
  const there = await make('setup-test-env')
  const says = async (what: string, command: readonly string[]) => {
    const { code, stdout, stderr } = await run(command)
    const last = (code === 0 ? stdout : stderr).trim().split('\n').at(-1) ?? ''
    const word = code === 0 ? 'ok' : 'absent'
    assert.ok(there.stdout.includes(`${word.padEnd(8)} ${what.padEnd(15)} ${last}`), `${there.stdout}${last}`)
  }
  await says('docker-compose', ['docker', 'compose', 'version', '--short'])
  await says('docker-daemon', ['docker', 'version', '--format', '{{.Server.Version}}'])
  const nowhere = await make('setup-test-env', [], { env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } })
  assert.match(nowhere.stdout, /^absent {3}docker-daemon +\S/m)
})

test('the pipeline runs on an etcd in a container, on the port and under the name of the documents (TEL-006, TEL-035, TEL-060, TEL-094)', {
  skip: container.skip || (await whoHolds(12_379)),
}, async () => {
  const { code, stdout, stderr } = await make('test-container', ['--quick', '--verbose'])
  assert.equal(code, 0, stdout + stderr)
  assert.match(stdout, /docker exec telemetry-etcd-test etcdctl get --prefix/)
  assert.match(stdout, /✓ etcd in a container /)
  assert.equal(await inspect('telemetry-etcd-test', '{{.State.Status}}'), undefined)
})

test(
  'an etcd in a container is started, looked into and stopped by hand (TEL-059, TEL-060, TEL-061, TEL-094)',
  container,
  async (context) => {
    const { env, name, port } = await createOwn(context)
    const by = (target: string) => make(target, [], { words: ['ETCD=docker'], env })
    const begun = await by('start-etcd')
    assert.equal(begun.code, 0, begun.stderr)
    assert.match(begun.stdout, new RegExp(`^localhost:${port}$`, 'm'))
    assert.equal(await inspect(name, '{{.State.Health.Status}}'), 'healthy')
    const { stdout } = await run(['docker', 'exec', name, 'etcdctl', 'put', '/telemetry/key', 'value'])
    assert.equal(stdout, 'OK\n')
    const looked = await run(['docker', 'exec', name, 'etcdctl', 'get', '--prefix', '/telemetry'])
    assert.equal(looked.stdout, '/telemetry/key\nvalue\n')
    assert.match((await by('etcd-logs')).stdout, /ready to serve client requests/)
    assert.equal((await by('stop-etcd')).code, 0)
    assert.equal(await inspect(name, '{{.State.Status}}'), undefined)
  },
)

test(
  'the container goes with a script that is told to end (TEL-069, TEL-071)',
  container,
  async (context) => {
    const { env, name } = await createOwn(context)
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
    const script = spawn(join(root, 'e2e/docker/telemetry.mts'), ['--quick', ...results], {
      cwd: root,
      env: { ...inherited, ...own, ...env },
      stdio: 'ignore',
    })
    const ended = once(script, 'exit')
    const isUp = async () => (await inspect(name, '{{.State.Status}}')) === 'running'
    await until('it runs, or the script ended', async () => script.exitCode !== null || (await isUp()))
    assert.equal(script.exitCode, null)
    script.kill('SIGTERM')
    await ended
    assert.equal(await inspect(name, '{{.State.Status}}'), undefined)
  },
)

/** A name and a port for one test; the container goes with it, whatever happens. */
async function createOwn(context: TestContext) {
  const port = String(await freePort())
  const name = `telemetry-etcd-test-${port}`
  const env = { ETCD_PORT: port, ETCD_CONTAINER: name }
  context.after(() => run([...COMPOSE, 'down', '--volumes'], { env }))
  return { env, name, port }
}

async function inspect(name: string, format: string): Promise<string | undefined> {
  const { code, stdout } = await run(['docker', 'inspect', '--format', format, name])
  return code === 0 ? stdout.trim() : undefined
}

async function whoHolds(port: number): Promise<string | false> {
  const holder = await holderOf(port)
  return holder === undefined ? false : `port ${port} is taken by ${holder.describe}`
}

/** Why no container can be started here. */
async function whyNoContainer(): Promise<string | false> {
  for (const command of [
    ['docker', 'version'],
    [...COMPOSE, 'pull', '--policy', 'missing'],
  ]) {
    const { code, stderr } = await run(command)
    if (code !== 0) return `${command.join(' ')}: ${stderr.trim().split('\n').at(-1)}`
  }
  return false
}
