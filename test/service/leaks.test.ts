import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type Event, listen } from '../../src/event.ts'
import { runMark } from '../../src/run-id.ts'
import { describeReport } from '../../src/service/leftovers.ts'
import { bootId, identify } from '../../src/service/process/identity.ts'
import { createProgram } from '../../src/service/program.ts'
import { start } from '../../src/service/start.ts'
import { ownState } from './own-state.ts'
import { answering, saying } from './programs.ts'
import { isRunning, pidsOf, until } from './until.ts'

describe('what is left when everything was stopped', () => {
  test('is nothing of programs that escape: their stop ends them, and says so', async () => {
    const events: Event[] = []
    const stopListening = listen((event) => events.push(event))
    const escaping = createProgram(saying('forks_and_setsids.sh', '71117'))
    await start(escaping)
    await until('they have escaped', () => pidsOf('sleep 71117').length >= 3)
    const pids = pidsOf('sleep 71117')
    await escaping[Symbol.asyncDispose]()
    stopListening()
    assert.deepEqual(pids.filter(isRunning), [])
    const stopped = events.find((event) => event.kind === 'service:stopped')
    assert.ok((stopped?.swept.length ?? 0) >= 2, `${stopped?.swept}`)
    assert.ok(!events.some(({ kind }) => kind === 'leak'))
  })

  test('is a leak where it carries the mark of the run: told, ended, and an error of its own', async () => {
    const web = createProgram(answering())
    await start(web)
    const left = spawn('sleep', ['71118'], {
      env: { ...process.env, SHAKEDOWN_RUN: runMark },
      detached: true,
    })
    const leaks: Event[] = []
    const stopListening = listen((event) => event.kind === 'leak' && leaks.push(event))
    await assert.rejects(async () => web[Symbol.asyncDispose](), {
      code: 'leak',
      message: [
        `left behind: process ${left.pid}`,
        `  last      process ${left.pid}: sleep 71118 (ended now)`,
        '  hint      every service was stopped, and this was still there: it must end what it starts',
      ].join('\n'),
    })
    stopListening()
    assert.ok(!isRunning(left.pid ?? 0))
    assert.equal(leaks.length, 1)
  })

  test('has no folder any more', async () => {
    const web = createProgram(answering({ files: { 'a/b.txt': 'x' } }))
    await start(web)
    const [run = ''] = readdirSync(join(ownState, 'runs'))
    assert.ok(readdirSync(join(ownState, 'runs', run)).includes(web.name))
    await web[Symbol.asyncDispose]()
    assert.deepEqual(readdirSync(join(ownState, 'runs', run)).toSorted(), ['ledger.ndjson', 'logs'])
    assert.deepEqual(readdirSync(join(ownState, 'ports')), [])
  })
})

test('a service that died without a scenario is told by its disposal', async () => {
  const web = createProgram(answering({ name: 'gone' }))
  await start(web)
  process.kill(await web.pid.read(), 'SIGKILL')
  await until('it is dead', async () => (await web.state.read()) === 'dead')
  await assert.rejects(async () => web[Symbol.asyncDispose](), /^Failure: gone died: ended by SIGKILL/)
})

test('a run that died is told in words', () => {
  const run = { run: 'x', command: ['/usr/bin/node', 'system_test.mts', '--quick'], ports: [] }
  assert.deepEqual(
    describeReport({
      runs: [
        { ...run, ended: ['12 redis-server', '13 sleep'], left: [], by: 'watchdog' },
        { ...run, ended: [], left: ['14 nfsd'], by: 'next run' },
      ],
      ports: [15_001],
    }),
    [
      'a run had died (system_test.mts --quick): its watchdog ended 12 redis-server, 13 sleep',
      'a run had died (system_test.mts --quick): nothing of it ran any more; still there: 14 nfsd',
      'ports of dead runs are free again: 15001',
    ],
  )
})

test('a ledger of another boot, or whose runner lives, makes nobody end', async () => {
  const { cleanDeadRuns } = await import('../../src/service/leftovers.ts')
  const decoy = spawn('sleep', ['71119'], { detached: true })
  const identity = identify(decoy.pid ?? 0)
  const self = identify(process.pid)
  assert.ok(identity && self)
  const past = { ...identity, boot: 'another' }
  writeLedger('aaaaaaaaaaaa', { ...self, start: '1', boot: 'another' }, past)
  writeLedger('bbbbbbbbbbbb', self, identity)
  const { runs } = await cleanDeadRuns()
  assert.deepEqual(
    runs.map(({ run, ended }) => [run.slice(0, 12), ended]),
    [['aaaaaaaaaaaa', []]],
  )
  assert.ok(isRunning(decoy.pid ?? 0))
  assert.ok(readdirSync(join(ownState, 'runs')).includes('bbbbbbbbbbbb'))
  // The same ledger, once its runner is gone: now it is a leftover.
  writeLedger('bbbbbbbbbbbb', { ...self, start: '1', boot: bootId() }, identity)
  const later = await cleanDeadRuns()
  assert.deepEqual(
    later.runs.map(({ ended }) => ended),
    [[`${decoy.pid} sleep`]],
  )
  assert.ok(!isRunning(decoy.pid ?? 0))
})

function writeLedger(name: string, runner: object, launched: object): void {
  const folder = join(ownState, 'runs', name)
  mkdirSync(folder, { recursive: true })
  const run = name.padEnd(32, '0')
  const entries = [
    { kind: 'run', run, command: ['node'], cwd: '/', time: 0, ...runner },
    { kind: 'process', service: 'x', ...launched },
  ]
  writeFileSync(
    join(folder, 'ledger.ndjson'),
    `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n{"half`,
  )
}
