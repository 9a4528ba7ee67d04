import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pause } from '../../src/wait/pause.ts'
import type { World } from './world.ts'

/** What is left in a world after a run. */
export interface Rest {
  /** Processes, files, sockets, shared memory: one line for each. */
  readonly wrong: readonly string[]
  /** Processes that were there at the first look. */
  readonly first: readonly string[]
  /** When the last process was gone, and then the last thing: as `performance.now()` has it. */
  readonly gone: number
  readonly clean: number
}

/** How long is looked before what is there counts as left, in milliseconds. */
export const PATIENCE = 30_000
const LOOK_EVERY = 3
/** What may stay: the results, word of the dead run for the next one, and empty folders of the toolkit. */
const MAY_STAY = /^(results(\/.*)?|tmp\/shakedown-\d+(\/(cleaned(\/[\w.]+)?|ports|runs))?)$/

/** Looks until nothing is left, or for so many milliseconds. */
export async function lookAtRest(world: World, patience: number = PATIENCE): Promise<Rest> {
  const first = world.pids().map(describe)
  const left = await waitUntilNone(patience, async () => world.pids().map(describe))
  const gone = performance.now()
  const rest = await waitUntilNone(patience, async () =>
    (await world.things()).filter((thing) => !MAY_STAY.test(thing)),
  )
  const clean = performance.now()
  return {
    wrong: [...left.map((one) => `runs: ${one}`), ...rest.map((one) => `is there: ${one}`)],
    first,
    gone,
    clean,
  }
}

/** Makes a world ready for the next run: what may stay goes, and what is left, so that it is not told twice. */
export function forgetRest({ folder, pids }: World): void {
  for (const pid of pids()) kill(pid, 'SIGKILL')
  rmSync(join(folder, 'results'), { recursive: true, force: true })
  for (const name of readdirSync(join(folder, 'tmp'))) {
    rmSync(join(folder, 'tmp', name, 'cleaned'), { recursive: true, force: true })
  }
}

/** Signals a process that may be gone already. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended at this very moment.
  }
}

/** Kills processes so that none of them sees another one dead: all stand still before the first one goes. */
export function killAtOnce(pids: readonly number[]): void {
  for (const pid of pids) kill(pid, 'SIGSTOP')
  for (const pid of pids) kill(pid, 'SIGKILL')
}

async function waitUntilNone(
  patience: number,
  look: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  for (const began = performance.now(); ; await pause(LOOK_EVERY)) {
    const found = await look()
    if (found.length === 0 || performance.now() - began > patience) return found
  }
}

function describe(pid: number): string {
  const file = `/proc/${pid}/cmdline`
  return `${pid} ${existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : ''}`
}
