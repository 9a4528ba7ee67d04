import { resolve } from 'node:path'
import { argv } from 'node:process'
import { Failure, toError } from '../../error.ts'
import { settleWithin } from '../../wait/settle.ts'
import type { Driver, Exit, Handle, LaunchPlan, Lease, Listener, Usage } from '../driver.ts'
import { copyFiles } from '../files.ts'
import { openGuard } from '../guard.ts'
import { addressFor } from '../lease.ts'
import { processDriver } from '../process/driver.ts'
import { execBeside } from '../process/exec.ts'
import { signalGroup } from '../process/group.ts'
import type { AnySpec, Ready } from '../spec.ts'
import { callKeeper, type Line } from './line.ts'
import type { Launched, Method, Place } from './wire.ts'

/** A reset may take so many milliseconds. */
const PATIENCE = 5000

/**
 * Lets the keeper of a watch bring a program to life, which has it from one run to the next where its spec says how to make
 * it as new; one that does not say is a process of this run, and that is said.
 */
export function createWarmDriver(path: string, spec: AnySpec): Driver {
  const lines = new Map<string, Line>()
  const why = whyNever(spec)
  return {
    ...processDriver,
    async lease(request) {
      const { service, user } = request
      const line = callKeeper(path)
      const key = `${resolve(argv[1] ?? '')} ${service}`
      if (why !== undefined) {
        await line.ask({ ask: 'drop', key })
        line.close()
        return processDriver.lease(request)
      }
      const place = await line.ask({
        ask: 'lease',
        key,
        service,
        user,
        ports: Object.entries(request.ports).map(([name, fixed]) => [name, fixed ?? null] as const),
      })
      if (!isPlace(place)) {
        line.close()
        return processDriver.lease(request)
      }
      lines.set(place.dir, line)
      return createLease(line, place)
    },
    async launch(plan) {
      const line = lines.get(plan.dir)
      if (line !== undefined) return launchWarm(line, plan, spec)
      const told = why === undefined ? {} : { kept: `started afresh: ${why}` }
      return Object.assign(await processDriver.launch(plan), told)
    },
  }
}

/** Why it cannot be had from one run to the next, whatever becomes of it. */
function whyNever({ reset, setup, ready, port }: AnySpec): string | undefined {
  if (reset === undefined) return 'it does not say how it is reset'
  if (setup !== undefined) return 'its setup is for an empty folder'
  const isAnnounced = typeof port === 'object' && 'announced' in port
  // What it said when it came up was said to another run.
  if (isAnnounced || (ready !== undefined && isByLog(ready))) return 'its log says when it is ready, or where'
  return undefined
}

function isByLog(ready: Ready<string>): boolean {
  if (typeof ready === 'string') return false
  return 'all' in ready ? ready.all.some(isByLog) : 'log' in ready
}

function createLease(line: Line, first: Place): Lease {
  let { host, ports, dir } = first
  const lease: Lease = {
    host,
    get ports() {
      return ports
    },
    dir,
    addressFor,
    async exchange(name) {
      const next = await line.ask({ ask: 'exchange', name })
      if (isPlace(next)) ({ host, ports, dir } = next)
      return lease
    },
    // It stays the keeper's, for the next run; without the word that it may, what runs there is ended.
    release: async () => line.close(),
  }
  return lease
}

async function launchWarm(line: Line, plan: LaunchPlan, spec: AnySpec): Promise<Handle> {
  const { write, end, ...told } = plan
  const exited = Promise.withResolvers<Exit>()
  line.listener = { write, end, exit: exited.resolve }
  const launch = async (afresh?: string) =>
    toLaunched(
      await line.ask({
        ask: 'launch',
        plan: told,
        stop: spec.stop,
        ...(afresh === undefined ? {} : { afresh }),
      }),
    )
  const first = await launch()
  const broken = first.isKept ? await reset(plan, spec) : undefined
  const { pid, isKept, why } = broken === undefined ? first : await launch(`its reset failed: ${broken}`)
  const kept = isKept ? 'kept warm' : why === undefined ? undefined : `started afresh: ${why}`
  return { ...createHandle(line, plan, { pid, exited: exited.promise }), kept }
}

/** Why it could not be made as new; undefined where it is. */
async function reset({ dir, ports }: LaunchPlan, spec: AnySpec): Promise<string | undefined> {
  const signal = AbortSignal.timeout(PATIENCE)
  const place = { host: '127.0.0.1', port: ports['main'] ?? 0, ports, dir }
  const done = Promise.resolve(spec.reset?.(place, signal)).then(
    () => ({ why: undefined }),
    (error: unknown) => ({ why: toError(error).message.split('\n', 1)[0] }),
  )
  const ended = await settleWithin(done, PATIENCE)
  return ended === undefined ? 'it took too long' : ended.why
}

function createHandle(
  line: Line,
  plan: LaunchPlan,
  { pid, exited }: { readonly pid: number | undefined; readonly exited: Promise<Exit> },
): Handle {
  const call = async <T>(method: Method, ...args: readonly unknown[]) =>
    (await line.ask({ ask: 'call', method, args })) as T // why: the keeper calls the very method and sends what it gives
  const touch = (why: string) => line.ask({ ask: 'touch', why })
  return {
    pid,
    exited,
    letGo: async () =>
      (await line.ask({ ask: 'keep' })) === true ? 'it is kept for the next run' : undefined,
    signal: (signal, to) => call<boolean>('signal', signal, to),
    usage: () => call<Usage>('usage'),
    children: () => call<readonly number[]>('children'),
    listener: (port) => call<Listener>('listener', port),
    sweep: () => call<readonly number[]>('sweep'),
    async exec(words, signal) {
      await touch('a command was run beside it')
      const mark = openGuard().markOf(plan.service)
      return execBeside({ ...plan, service: words[0] ?? '', command: words }, mark, signal)
    },
    copy: {
      async in(here, there) {
        await touch('something was copied to it')
        await copyFiles(here, resolve(plan.cwd, there))
      },
      out: (there, here) => copyFiles(resolve(plan.cwd, there), here),
    },
    killNow() {
      if (pid !== undefined) signalGroup(pid, 'SIGKILL')
    },
  }
}

function isPlace(given: unknown): given is Place {
  return typeof given === 'object' && given !== null && 'dir' in given
}

function toLaunched(given: unknown): Launched {
  if (typeof given === 'object' && given !== null && 'isKept' in given) return given as Launched // why: the keeper is this very program
  throw new Failure('the keeper of the watch did not say how it launched')
}
