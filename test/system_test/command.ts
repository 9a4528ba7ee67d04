import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Event } from '../../src/event.ts'
import { readEvents } from '../../src/report/read.ts'
import { type Ended, type Folder, makeFolder, root, run } from '../scripts/project.ts'
import type { Network } from './network.ts'

/** A scenario of the main job that needs no service but its own, and takes seconds. */
export const SHORT = ['--only', 'refuses a configuration'] as const

/** For whole scenarios on a machine that is busy with other tests: a light load, and time for everything. */
export const GENTLY = {
  SHAKEDOWN_PATIENCE: '60s',
  SHAKEDOWN_MODE_RATE: '10/s',
  SHAKEDOWN_MODE_SCRAPE_INTERVAL: '500ms',
} as const

/** A run of the main job that has ended. */
export interface Finished extends Ended {
  /** Both streams, as a person reads them. */
  readonly text: string
  /** What the runs wrote, in the order of their folders. */
  readonly runs: readonly (readonly Event[])[]
}

/** Where and with which variables it runs. */
export interface Options {
  readonly network?: Network
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** The path by which it is called, where that is another one. */
  readonly program?: string
}

const PROGRAM = join(root, 'system_test.mts')
/** What whoever runs these tests may have set, and what would change how the main job runs. */
const OWN =
  /^(SHAKEDOWN_|GITHUB_|NODE_TEST_|REDIS_|GUNICORN_WORKERS|PROMETHEUS_(PORT|METRICS_PORT|BIND)|APP_PORT$|CI$|DEBUG$|NO_COLOR$|FORCE_COLOR$)/

/** Runs the main job to its end, its results in a folder of its own, so that nobody takes them for those of a real run. */
export async function systemTest(args: readonly string[], options: Options = {}): Promise<Finished> {
  await using folder = await makeFolder()
  const { command, env, cwd } = prepare(args, options, folder)
  const ended = await run(command, { env, ...(cwd === undefined ? {} : { cwd }) })
  return { ...ended, text: ended.stdout + ended.stderr, runs: await readRuns(folder.path) }
}

/** Starts it, sends a signal as soon as its output matches, and waits for its end. */
export async function interrupt(
  args: readonly string[],
  options: Options & { readonly when: RegExp; readonly signal: NodeJS.Signals },
): Promise<Pick<Finished, 'code' | 'text' | 'runs'>> {
  await using folder = await makeFolder()
  const { command, env } = prepare(args, options, folder)
  const [program = '', ...words] = command
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  let told = false
  const hear = (chunk: Buffer) => {
    text += chunk
    if (told || !options.when.test(text)) return
    told = true
    child.kill(options.signal)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const { promise, resolve } = Promise.withResolvers<number>()
  child.on('close', (code, signal) => resolve(code ?? (signal === null ? 0 : 128)))
  return { code: await promise, text, runs: await readRuns(folder.path) }
}

function prepare(
  args: readonly string[],
  { network, env = {}, cwd, program = PROGRAM }: Options,
  folder: Folder,
) {
  const others = Object.keys(process.env).filter((name) => OWN.test(name) && !name.endsWith('_BIN'))
  const unset = Object.fromEntries(others.map((name) => [name, undefined]))
  return {
    command: [...(network?.inside ?? []), program, '--results', folder.path, ...args],
    env: { ...process.env, ...unset, ...env },
    cwd,
  }
}

async function readRuns(folder: string): Promise<readonly (readonly Event[])[]> {
  const names = (await readdir(folder)).filter((name) => /^\d/.test(name)).sort()
  return Promise.all(names.map((name) => Array.fromAsync(readEvents(join(folder, name, 'events.ndjson')))))
}
