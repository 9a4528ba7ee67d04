import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cleanDeadRuns } from '../../../src/service/leftovers.ts'
import { ownState } from '../own-state.ts'
import { isRunning, pidsOf, until } from '../until.ts'
import { describeWithDocker, REDIS } from './engine.ts'
import {
  expectGone,
  objectsOf,
  type Run,
  startContainers,
  stillThere,
  volumesOf,
  waitUntilUp,
} from './runs.ts'

describeWithDocker('a runner with containers that ends without a teardown', () => {
  for (const signal of ['SIGKILL', 'SIGABRT'] as const) {
    test(`by ${signal}: containers, network and volumes are gone`, async () => {
      const run = await waitUntilUp(startContainers('wait'))
      assert.equal((await objectsOf(run)).length, 4, 'three containers and a network')
      const volumes = await volumesOf(run)
      assert.equal(volumes.length, 1, 'the image of Redis asks for one')
      run.child.kill(signal)
      await expectGone(run)
      await until('its volume is gone', async () => (await stillThere(volumes)).length === 0)
    })
  }

  for (const end of ['exit', 'throw', 'crash', 'return']) {
    test(`by ${end}: they are gone`, async () => {
      await expectGone(await waitUntilUp(startContainers(end)))
    })
  }

  test('by Ctrl-C: they are stopped in order', async () => {
    const run = await waitUntilUp(startContainers('wait'))
    run.child.kill('SIGINT')
    await expectGone(run)
    assert.equal(run.child.exitCode, 130)
  })

  test('where its watchdog was killed, too, the next run removes them, and says so', async () => {
    const run = await waitUntilUp(startContainers('wait'))
    const watchdogs = pidsOf(join(ownState, 'runs', run.id.slice(0, 12)))
    for (const pid of [...watchdogs, run.child.pid ?? 0]) process.kill(pid, 'SIGKILL')
    await until('both are gone', () => ![...watchdogs, run.child.pid ?? 0].some(isRunning))
    assert.equal((await objectsOf(run)).length, 4, 'they live on')
    const { runs } = await cleanDeadRuns()
    const own = runs.find((one) => one.run === run.id)
    assert.deepEqual([own?.by, own?.left], ['next run', []])
    assert.ok(
      own?.ended.some((text) => /^container shakedown-.*-redis/.test(text)),
      own?.ended.join(),
    )
    await expectGone(run)
  })
})

describeWithDocker('what a run has not made', () => {
  test('is left alone: by label alone, by ledger alone, or by neither', async () => {
    const run = await waitUntilUp(startContainers('wait'))
    const name = (what: string) => `decoy-${run.id.slice(0, 12)}-${what}`
    const label = ['--label', `shakedown.run=${run.id}`]
    const decoys = [
      ['container', name('plain')],
      ['container', name('labelled')],
      ['container', name('in-ledger')],
      ['network', name('plain')],
      ['network', name('labelled')],
      ['volume', name('plain')],
      ['volume', name('labelled')],
    ] as const
    for (const [what, decoy] of decoys) {
      const words = decoy.endsWith('labelled') ? label : []
      if (what === 'container') docker('run', '-d', '--name', decoy, ...words, REDIS)
      else docker(what, 'create', ...words, decoy)
    }
    noteInLedger(run, name('in-ledger'))
    try {
      run.child.kill('SIGKILL')
      await until('its folder is gone', () => !existsSync(join(ownState, 'runs', run.id.slice(0, 12))))
      for (const [what, decoy] of decoys) docker(what, 'inspect', decoy)
      assert.equal(docker('inspect', '--format', '{{.State.Running}}', name('in-ledger')), 'true')
    } finally {
      for (const [what, decoy] of decoys)
        docker(what, 'rm', ...(what === 'container' ? ['-f', '-v'] : []), decoy)
    }
    await expectGone(run)
    assert.deepEqual(readdirSync(join(ownState, 'runs')), [])
  })
})

function noteInLedger({ id }: Run, name: string): void {
  const entry = { kind: 'object', what: 'container', name, engine: 'unix:///var/run/docker.sock', made: true }
  appendFileSync(join(ownState, 'runs', id.slice(0, 12), 'ledger.ndjson'), `${JSON.stringify(entry)}\n`)
}

function docker(...words: readonly string[]): string {
  return execFileSync('docker', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}
