import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ownState } from './own-state.ts'
import { isRunning, pidsOf, until } from './until.ts'

const ZOO = ['forks_and_setsids.sh', 'forks_stubborn_workers.sh', 'daemonises_redis.sh', 'ignores_term.sh']
const RUNNER = join(process.cwd(), 'fixtures/programs/runs_services.mts')
const TIMES = Number(process.env['CHAOS'] ?? 6)
const SEED = Number(process.env['CHAOS_SEED'] ?? Date.now() % 100_000)
/** From before the script's first line to well after it is up. */
const SPAN = 600

for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM'] as const) {
  test(`${signal} at any moment leaves nothing (${TIMES} times, CHAOS_SEED=${SEED})`, async (t) => {
    const next = random(SEED + signal.length)
    for (let index = 0; index < TIMES; index += 1) {
      const moment = Math.round(next() * SPAN)
      const token = `${process.pid}${signal.length}${String(index).padStart(4, '0')}`
      const child = spawn(process.execPath, [RUNNER, 'wait', token, ...ZOO], { stdio: 'ignore' })
      const exited = once(child, 'exit')
      await sleep(moment)
      child.kill(signal)
      await exited
      const began = performance.now()
      await until(
        `run ${index}, ${signal} after ${moment} ms: its processes are gone`,
        () => pidsOf(token).length === 0,
      )
      const gone = performance.now() - began
      await until(`run ${index}: its folder is gone`, () => folders().length === 0)
      if (gone > 250)
        t.diagnostic(`run ${index}, ${signal} after ${moment} ms: gone after ${Math.round(gone)} ms`)
      await until(
        `run ${index}: its watchdog is gone`,
        () => pidsOf(`${ownState}/runs`).filter(isRunning).length === 0,
      )
    }
  })
}

function folders(): readonly string[] {
  try {
    return readdirSync(join(ownState, 'runs'))
  } catch {
    // Killed before it had made one.
    return []
  }
}

/** Mulberry32: the same moments for the same seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
