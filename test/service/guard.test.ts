import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { readLedgers } from '../../src/service/ledger.ts'
import { cleanDeadRuns } from '../../src/service/leftovers.ts'
import { ownState } from './own-state.ts'
import { isRunning, pidsOf, until } from './until.ts'

const ZOO = [
  'forks_and_setsids.sh',
  'forks_stubborn_workers.sh',
  'daemonises_redis.sh',
  'prints_environment.sh',
]
const RUNNER = join(process.cwd(), 'fixtures/programs/runs_services.mts')
let count = 0

describe('a runner that ends without a teardown', () => {
  for (const signal of ['SIGKILL', 'SIGABRT'] as const) {
    test(`by ${signal}: everything that it started is gone, escapees included`, async () => {
      const run = await startRun('wait', ZOO)
      run.child.kill(signal)
      await expectNothingLeft(run)
    })
  }

  for (const end of ['exit', 'throw', 'crash']) {
    test(`by ${end}: everything that it started is gone, escapees included`, async () => {
      await expectNothingLeft(await startRun(end, ZOO))
    })
  }

  test('the next run says what was found', async () => {
    const run = await startRun('wait', ZOO)
    run.child.kill('SIGKILL')
    await expectNothingLeft(run)
    await until('the watchdog is done', () => readdirSync(join(ownState, 'runs')).length === 0)
    const { runs } = await cleanDeadRuns()
    const own = runs.find(({ command }) => command.includes(run.token))
    assert.equal(own?.by, 'watchdog')
    assert.ok(
      own.ended.some((text) => text.endsWith('redis-server')),
      own.ended.join(),
    )
    assert.deepEqual(own.left, [])
    assert.equal(own.ports.length, 1)
    assert.deepEqual(await cleanDeadRuns(), { runs: [], ports: [] })
  })

  test('where its watchdog was killed first, it is replaced', async () => {
    const run = await startRun('wait', ZOO)
    const [watchdog] = watchdogsOf(run)
    assert.ok(watchdog)
    process.kill(watchdog, 'SIGKILL')
    await until('there is another one', () =>
      watchdogsOf(run).some((pid) => pid !== watchdog && isRunning(pid)),
    )
    run.child.kill('SIGKILL')
    await expectNothingLeft(run)
  })

  test('where both are killed at once, the next run cleans', async () => {
    const run = await startRun('wait', ZOO)
    for (const pid of [...watchdogsOf(run), run.child.pid ?? 0]) process.kill(pid, 'SIGKILL')
    await until('both are gone', () => ![...watchdogsOf(run), run.child.pid ?? 0].some(isRunning))
    assert.ok(pidsOf(run.token).length >= 6, 'its services live on')
    const { runs } = await cleanDeadRuns()
    assert.deepEqual(
      runs.map(({ by, left }) => [by, left]),
      [['next run', []]],
    )
    await expectNothingLeft(run)
  })
})

describe('several runs', () => {
  test('side by side: all have their own ports, and what is killed touches no other', async () => {
    const runs = await Promise.all([0, 1, 2, 3].map(() => startRun('wait', ['daemonises_redis.sh'])))
    const ports = runs.map(({ said }) => /up (\d+)/.exec(said())?.[1])
    assert.equal(new Set(ports).size, 4)
    const [killed, ...others] = runs
    assert.ok(killed)
    const before = others.map(({ token }) => pidsOf(token))
    killed.child.kill('SIGKILL')
    await until('it is gone', () => pidsOf(killed.token).length === 0)
    assert.deepEqual(
      others.map(({ token }) => pidsOf(token)),
      before,
    )
    await cleanDeadRuns()
    assert.deepEqual(
      others.map(({ token }) => pidsOf(token)),
      before,
    )
    const exits = others.map(({ child }) => once(child, 'exit'))
    for (const { child } of others) child.kill('SIGTERM')
    assert.deepEqual(
      await Promise.all(exits),
      others.map(() => [143, null]),
    )
    for (const run of runs) await expectNothingLeft(run)
  })

  test('one inside of another: when the outer one is killed, the inner one is gone, too', async () => {
    const run = await startRun('wait', ['runs_inner_run.sh'])
    assert.ok(pidsOf(run.token).some((pid) => pid > 0))
    await until('the inner Redis runs', () => pidsOf(`redis-${run.token}`).length > 0)
    run.child.kill('SIGKILL')
    await expectNothingLeft(run)
  })

  test('one inside of another: when the outer one is told to end, the inner one is gone, too', async () => {
    const run = await startRun('wait', ['runs_inner_run.sh'])
    run.child.kill('SIGTERM')
    await expectNothingLeft(run)
  })
})

describe('a runner that is told to end', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`by ${signal}: tears down and exits with ${code}`, async () => {
      const run = await startRun('wait', ZOO)
      const exited = once(run.child, 'exit')
      run.child.kill(signal)
      assert.deepEqual(await exited, [code, null])
      assert.deepEqual(pidsOf(run.token), [])
      await expectNothingLeft(run)
    })
  }

  test('a second signal ends it at once, leaving nothing', async () => {
    const run = await startRun('wait', ['ignores_term.sh'], { PATIENT: '1' })
    const exited = once(run.child, 'exit')
    run.child.kill('SIGINT')
    await until('it has heard it', () => run.said().includes('service:stopping ignores_term.sh'))
    // What follows within a quarter of a second is taken for an echo of the first one.
    await until('it has ended', () => !run.child.kill('SIGINT'))
    assert.deepEqual(await exited, [130, null])
    assert.ok(!run.said().includes('service:stopped ignores_term.sh'), run.said())
    await expectNothingLeft(run)
  })

  test('a script that has come to its end stops its services by itself', async () => {
    const run = await startRun('return', ['prints_environment.sh'])
    const [code] = await once(run.child, 'exit')
    assert.equal(code, 0)
    assert.deepEqual(pidsOf(run.token), [])
    await expectNothingLeft(run)
  })

  test('a script that has come to its end fails when a service does not end cleanly', async () => {
    const run = await startRun('return', ['ends_unclean.sh'])
    const [code] = await once(run.child, 'exit')
    assert.equal(code, 1)
    await expectNothingLeft(run)
  })
})

interface Run {
  readonly child: ChildProcess
  /** In the command line of everything that the run starts. */
  readonly token: string
  /** What the runner printed so far. */
  said(): string
}

async function startRun(end: string, programs: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  count += 1
  const token = String(process.pid * 1000 + count)
  const child = spawn(process.execPath, [RUNNER, end, token, ...programs], {
    stdio: ['ignore', 'pipe', end === 'throw' || end === 'return' ? 'ignore' : 'inherit'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
  })
  let said = ''
  child.stdout?.on('data', (chunk) => {
    said += chunk
  })
  await until('the run is up', () => said.includes('up '))
  return { child, token, said: () => said }
}

async function expectNothingLeft({ child, token }: Run): Promise<void> {
  await until(`everything with ${token} is gone`, () => pidsOf(token).length === 0)
  await until('the runner is gone', () => !isRunning(child.pid ?? 0))
  await until('its folder is gone', () => readLedgers(join(ownState, 'runs')).length === 0)
  assert.deepEqual(existsSync(join(ownState, 'ports')) ? readdirSync(join(ownState, 'ports')) : [], [])
}

function watchdogsOf({ child }: Run): readonly number[] {
  const record = readLedgers(join(ownState, 'runs')).find(({ runner }) => runner.pid === child.pid)
  return (record?.watchdogs ?? []).map(({ pid }) => pid)
}

test('a watchdog keeps what it compiled while it still lives: most of them are killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-test-'))
  const child = spawn(process.execPath, ['src/service/watchdog.mts', join(folder, 'run')], {
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'cache') },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const names = () => readdirSync(folder, { recursive: true, withFileTypes: true })
  await until('something is kept', () => names().some((entry) => entry.isFile()))
  assert.ok(isRunning(child.pid ?? 0))
  child.kill('SIGKILL')
  await once(child, 'exit')
  rmSync(folder, { recursive: true, force: true })
})

test('a machine without room: says what to do, and starts nothing', async () => {
  const child = spawn(process.execPath, [RUNNER, 'exit', '0'], {
    env: { ...process.env, SHAKEDOWN_STATE: '/dev/null/state' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const [code] = await once(child, 'exit')
  assert.equal(code, 1)
  assert.match(
    said,
    /PreflightError: there is no room for services: \S+ cannot be used\n.*\n\s+hint .*SHAKEDOWN_STATE=/,
  )
})
