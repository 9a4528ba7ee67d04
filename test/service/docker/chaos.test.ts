import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { test } from 'node:test'
import { pause } from '../../../src/wait/pause.ts'
import { ownState } from '../own-state.ts'
import { until } from '../until.ts'
import { describeWithDocker } from './engine.ts'
import { expectGone, objectsOf, startContainers, stillThere, volumesOf, waitUntilUp } from './runs.ts'

/** How often; `SHAKEDOWN_CHAOS=50` for longer. */
const TIMES = Number(env['SHAKEDOWN_CHAOS'] ?? 3)

describeWithDocker('a runner with containers that is killed at any moment', () => {
  test(`leaves nothing, ${TIMES} times out of ${TIMES}`, async () => {
    const first = startContainers('wait')
    await until('it has begun', () => first.id !== '')
    const began = performance.now()
    await waitUntilUp(first)
    const usual = performance.now() - began
    first.child.kill('SIGKILL')
    await expectGone(first)
    const took: number[] = []
    for (let time = 1; time <= TIMES; time += 1) {
      const moment = Math.random() * usual * 1.2
      const run = startContainers('wait')
      await until('it has begun', () => run.id !== '')
      await pause(moment)
      const [before, volumes] = await Promise.all([objectsOf(run), volumesOf(run)])
      const killed = performance.now()
      run.child.kill('SIGKILL')
      let seen = killed
      // What the engine was about to make may appear for as long as somebody waits for it.
      await until('its ledger is gone', async () => {
        const isClean = !listRuns().includes(run.id.slice(0, 12))
        if ((await objectsOf(run)).length > 0) seen = performance.now()
        return isClean
      })
      await expectGone(run)
      took.push(seen - killed)
      await until('its volumes are gone', async () => (await stillThere(volumes)).length === 0)
      process.stdout.write(
        `after ${Math.round(moment)} ms: ${before.length} things, gone in ${Math.round(took.at(-1) ?? 0)} ms\n`,
      )
    }
    const sorted = took.toSorted((one, other) => one - other)
    process.stdout.write(`gone after ${sorted.map(Math.round).join(', ')} ms\n`)
    await until('every ledger is gone', () => listRuns().length === 0)
    assert.equal(took.length, TIMES)
  })
})

function listRuns(): readonly string[] {
  try {
    return readdirSync(join(ownState, 'runs'))
  } catch {
    // Each was killed before it had one.
    return []
  }
}
