import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { DriverName } from '../../src/service/chosen.ts'
import { poll } from '../../src/wait/poll.ts'
import type { Fault } from './fault.ts'
import { environmentOf } from './injection.ts'
import { type FirstFailure, readFirstFailure } from './story.ts'

/**
 * How the main job did with one fault. `idle`: the fault was never in effect, which is a defect of the fault. `early`: it was
 * red before the fault was in effect, which is a false alarm.
 */
export interface Verdict {
  readonly name: string
  readonly verdict: 'caught' | 'missed' | 'idle' | 'early' | 'green' | 'red'
  readonly exit: number | null
  readonly seconds: number
  readonly failure?: FirstFailure | undefined
}

/** How a variant is run. */
export interface VariantOptions {
  readonly mode: 'quick' | 'full'
  /** Where this variant leaves its results and its output. */
  readonly folder: string
  /** The run goes on after the first failure, to see what else fails. */
  readonly whole: boolean
  /** Only scenarios with this in their title; all where it is empty. */
  readonly scenario: string
  /** As what the programs run. */
  readonly driver: DriverName
  readonly signal: AbortSignal
}

const ROOT = join(import.meta.dirname, '../..')
/** Of a whole run, and of each of its scenarios: no fault is missed because the machine is busy. */
const LIMIT = { quick: '8m', full: '12m' } as const
/** Most faults show as something that never comes: a run waits as long as this for each, and no longer, however busy the machine. */
const PATIENCE = '20s'
/** Longer than any run, which has its own limit. */
const A_DAY = 86_400_000
const PORTS = ['APP_PORT', 'PROMETHEUS_METRICS_PORT', 'REDIS_PORT', 'PROMETHEUS_PORT']

/** Runs the main job with a fault, or without one as the control, and says whether it noticed. Never throws for a failed run. */
export async function runVariant(fault: Fault | undefined, options: VariantOptions): Promise<Verdict> {
  const { mode, folder, whole, scenario, driver } = options
  mkdirSync(folder, { recursive: true })
  const log = join(folder, 'fault.log')
  const began = performance.now()
  const child = spawn(
    join(ROOT, 'system_test.mts'),
    [
      ...[`--${mode}`, '--timeout', LIMIT[mode], '--results', folder],
      ...(driver === 'process' ? [] : ['--driver', driver]),
      ...(scenario === '' ? [] : ['--only', scenario]),
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        SHAKEDOWN_PATIENCE: PATIENCE,
        SHAKEDOWN_MODE_TIMEOUT: LIMIT[mode],
        ...process.env,
        ...(mode === 'full' ? await chooseFreePorts() : {}),
        ...(fault === undefined ? {} : { ...environmentOf(fault, log), ...passOn(fault, log) }),
      },
    },
  )
  const exited = once(child, 'exit')
  const ended = new AbortController()
  void exited.then(() => ended.abort())
  const stop = AbortSignal.any([ended.signal, options.signal])
  if (!whole) await waitForFailure(folder, stop)
  if (!ended.signal.aborted && (!whole || options.signal.aborted)) child.kill('SIGINT')
  const [code]: readonly (number | null)[] = await exited
  const failure = readFirstFailure(folder)
  return {
    name: fault?.name ?? 'no fault',
    verdict: judge({ fault, log, failure, isRed: failure !== undefined || code !== 0 }),
    exit: code ?? null,
    seconds: (performance.now() - began) / 1000,
    failure,
  }
}

/** Containers get none of the runner's variables by themselves, and write nothing into its folders. */
function passOn(fault: Fault, log: string): Readonly<Record<string, string>> {
  const names = Object.keys(environmentOf(fault, log))
  return { SHAKEDOWN_PASS: names.join(','), SHAKEDOWN_PASS_FOLDER: dirname(log) }
}

/** Until something has failed, or the run is over: the rest of a run that is red already tells nothing new. */
async function waitForFailure(folder: string, signal: AbortSignal): Promise<void> {
  await poll(async () => readFirstFailure(folder), {
    what: 'a failure',
    within: A_DAY,
    judge: (failure) => ({ met: failure !== undefined }),
    show: () => '',
    signal,
  })
}

interface Outcome {
  readonly fault: Fault | undefined
  readonly log: string
  readonly failure: FirstFailure | undefined
  readonly isRed: boolean
}

function judge({ fault, log, failure, isRed }: Outcome): Verdict['verdict'] {
  if (fault === undefined) return isRed ? 'red' : 'green'
  const since = fault.way === 'variable' ? 0 : readBeginning(log)
  if (failure !== undefined && failure.time < since) return 'early'
  if (since === Number.POSITIVE_INFINITY) return 'idle'
  if (!isRed) return 'missed'
  // A run that is red though nothing in it failed did not see the fault: it could not write its reports, or was ended.
  return failure === undefined ? 'early' : 'caught'
}

/** When the fault took effect for the first time, in milliseconds since 1970; never is the end of time. */
function readBeginning(log: string): number {
  const [first] = existsSync(log) ? readFileSync(log, 'utf8').split(' ') : []
  return first === undefined || first === '' ? Number.POSITIVE_INFINITY : Number(first) * 1000
}

async function chooseFreePorts(): Promise<Readonly<Record<string, string>>> {
  const servers = PORTS.map(() => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? String(address.port) : ''
  })
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return Object.fromEntries(PORTS.map((name, index) => [name, ports[index] ?? '']))
}
