import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { settleWithin } from '../../src/service/settle.ts'
import { pause } from '../../src/wait/pause.ts'
import { chooseVictims, type Kind, signalOf } from './kinds.ts'
import { measureSlowdown } from './reference.ts'
import { judgeStory, readStory } from './story.ts'
import type { World } from './world.ts'

/** What is run, and what is done to it at which moment. */
export interface Strike {
  readonly kind: Kind
  /** Milliseconds after its start. */
  readonly after: number
  /** The words of the command; it writes its results into the folder `results` of the world. */
  readonly command: readonly string[]
  /** A further run, after everything of the first one was killed. */
  readonly next: readonly string[]
  /** How long is looked before what is there counts as left, in milliseconds. */
  readonly patience?: number
}

/** How that went. Times in milliseconds. */
export interface Blow {
  readonly strike: Strike
  /** It had ended by itself before. */
  readonly tooLate: boolean
  readonly code: number | null
  /** Until no process of it was left: from the signal on for SIGKILL, from its end on for the others. */
  readonly goneAfter: number
  /** Until its files and sockets were gone, too. */
  readonly cleanAfter: number
  /** How many times slower than at rest the machine was, right afterwards. */
  readonly slowdown: number
  /** Everything that is not as promised. */
  readonly wrong: readonly string[]
}

const PATIENCE = 30_000
/** Somebody who was left behind may hold the pipes for ever. */
const LAST_WORDS = 1000
const LOOK_EVERY = 3
/** What may stay: the results, word of the dead run for the next one, and empty folders of the toolkit. */
const MAY_STAY = /^(results(\/.*)?|tmp\/shakedown-\d+(\/(cleaned(\/[\w.]+)?|ports|runs))?)$/

/** Runs the command, strikes it, and looks at what is left with nothing but the kernel's own lists. */
export async function strike(world: World, what: Strike): Promise<Blow> {
  const { kind, after, command, patience = PATIENCE } = what
  const child = launch(world, command)
  const output = collect(child)
  const exited = once(child, 'exit')
  await settleWithin(exited, after)
  const tooLate = child.exitCode !== null || child.signalCode !== null
  const victims = tooLate ? [] : chooseVictims(kind, child.pid ?? 0, world.pids())
  let began = performance.now()
  for (const pid of victims) kill(pid, signalOf(kind))
  await exited
  if (kind !== 'kill') began = performance.now()
  if (kind === 'all') await runNext(world, what)
  const left = await waitUntilNone(patience, async () => world.pids().map(describe))
  const goneAfter = performance.now() - began
  const rest = await waitUntilNone(patience, async () =>
    (await world.things()).filter((thing) => !MAY_STAY.test(thing)),
  )
  const cleanAfter = performance.now() - began
  const { exitCode: code, signalCode: signal } = child
  const story = readStory(join(world.folder, 'results'))
  const end = { kind, code, signal, tooLate, output: await output }
  const wrong = [
    ...left.map((one) => `runs: ${one}`),
    ...rest.map((one) => `is there: ${one}`),
    ...judgeStory(story, end),
  ]
  forget(world)
  return { strike: what, tooLate, code, goneAfter, cleanAfter, slowdown: await measureSlowdown(), wrong }
}

function launch({ inside, env, folder }: World, command: readonly string[]): ChildProcess {
  const [program = '', ...words] = [...inside, ...command]
  const others = Object.entries(process.env).filter(
    ([name]) => !/^(SHAKEDOWN|GITHUB|NODE_TEST|CI$)/.test(name),
  )
  return spawn(program, words, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(others), ...env, SHAKEDOWN_RESULTS_BASE: join(folder, 'results') },
  })
}

/** What it printed. */
async function collect(child: ChildProcess): Promise<string> {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  const closed = once(child, 'close')
  await once(child, 'exit')
  await settleWithin(closed, LAST_WORDS)
  return text
}

async function runNext(world: World, { next }: Strike): Promise<void> {
  const child = launch(world, next)
  child.stdout?.resume()
  child.stderr?.resume()
  await once(child, 'exit')
}

/** Looks until there is nothing, and gives what is there at the end. */
async function waitUntilNone(
  patience: number,
  look: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  for (const began = performance.now(); ; await pause(LOOK_EVERY)) {
    const found = await look()
    if (found.length === 0 || performance.now() - began > patience) return found
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended at this very moment.
  }
}

function describe(pid: number): string {
  const file = `/proc/${pid}/cmdline`
  return `${pid} ${existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : ''}`
}

/** The next strike begins where this one did: what may stay goes, what is still there is not told twice. */
function forget({ folder, pids }: World): void {
  for (const pid of pids()) kill(pid, 'SIGKILL')
  rmSync(join(folder, 'results'), { recursive: true, force: true })
  for (const name of readdirSync(join(folder, 'tmp'))) {
    const cleaned = join(folder, 'tmp', name, 'cleaned')
    rmSync(cleaned, { recursive: true, force: true })
  }
}
