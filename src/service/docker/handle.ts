import type { Socket } from 'node:net'
import { raceAbort } from '../../wait/poll.ts'
import type { Exit, Handle, LaunchPlan, Usage } from '../driver.ts'
import { findListener } from '../process/listeners.ts'
import { readOffspring } from '../process/offspring.ts'
import { type Box, tellUnstarted } from './box.ts'
import type { Standing } from './container.ts'
import { createCopying } from './copy.ts'
import { ask, askLater, saidBy, upgrade } from './engine.ts'
import { execInside } from './exec.ts'
import { readExit } from './exit.ts'
import { createNetwork, rejoin } from './faults.ts'
import { createFrameReader } from './frames.ts'

/** After its exit, what a container printed is not waited for any longer than this, in milliseconds. */
const LAST_WORDS = 2000

interface Launching {
  readonly plan: LaunchPlan
  readonly lease: { ip: string | undefined }
  readonly standing: Standing
}

/** Starts a container, heard from its first byte on, and gives what can be done with it. */
export async function launchBox(
  { name }: Pick<Box, 'name'>,
  { plan, lease, standing }: Launching,
): Promise<Handle> {
  const path = `/containers/${name}`
  await rejoin(path)
  // Both before it starts: whatever it prints arrives, and so does its end, however soon it comes.
  const [stream, waiting] = await Promise.all([
    upgrade({ method: 'POST', path: `${path}/attach?stream=1&stdout=1&stderr=1` }),
    askLater({ method: 'POST', path: `${path}/wait?condition=next-exit` }),
  ])
  const printed = listen(stream, plan)
  const started = await ask({ method: 'POST', path: `${path}/start` })
  if (started.status >= 400) {
    stream.socket.destroy()
    // Nobody waits for the end of what never began.
    waiting.answer.catch(() => {})
    throw tellUnstarted(plan, saidBy(started.body))
  }
  const look = async () => readState((await ask({ path: `${path}/json` })).body)
  const { pid, ip } = await look()
  lease.ip = ip
  const moved = async () => {
    lease.ip = (await look()).ip
  }
  const sent = new Set<string>()
  return {
    ...(standing === 'deployed' || pid === 0 ? {} : { pid }),
    ...verbsOf({ path, pid, sent, standing }),
    exec: (words, signal) => execInside(path, words, signal),
    copy: createCopying(path),
    ...(standing === 'machine' ? {} : { network: createNetwork({ path, pid, moved }) }),
    exited: waiting.answer.then(
      (said) => end(name, { said, sent, printed, plan }),
      () => end(name, { said: { status: 0, body: undefined }, sent, printed, plan }),
    ),
  }
}

function listen(
  { socket, head }: { readonly socket: Socket; readonly head: Buffer },
  plan: LaunchPlan,
): Promise<void> {
  const read = createFrameReader(plan.write)
  read(head)
  return new Promise((resolve) => {
    socket.on('data', read)
    socket.on('error', () => {
      // 'close' follows.
    })
    socket.on('close', resolve)
    socket.unref()
  })
}

interface Ending {
  readonly said: Parameters<typeof readExit>[1]
  readonly sent: ReadonlySet<string>
  readonly printed: Promise<void>
  readonly plan: LaunchPlan
}

async function end(name: string, { said, sent, printed, plan }: Ending): Promise<Exit> {
  const [exit] = await Promise.all([
    readExit(name, said, sent),
    raceAbort(printed, AbortSignal.timeout(LAST_WORDS)).catch(() => {
      // The engine keeps the stream open. What it printed so far has arrived.
    }),
  ])
  plan.end('stdout')
  plan.end('stderr')
  return exit
}

interface Verbs {
  readonly path: string
  readonly pid: number
  /** The signals that were sent, by which an exit code is understood. */
  readonly sent: Set<string>
  readonly standing: Standing
}

function verbsOf({ path, pid, sent, standing }: Verbs): Omit<Handle, 'pid' | 'exited'> {
  const deployed = standing === 'deployed'
  const post = async (verb: string): Promise<boolean> => {
    const { status, body } = await ask({ method: 'POST', path: `${path}/${verb}` })
    // 404, 409: there is no such container any more, or it does not run.
    if (status < 300 || status === 304 || status === 404 || status === 409) return status < 400
    // A signal that ends it lets it go on by itself.
    if (/is not paused|already paused/.test(saidBy(body))) return true
    throw new Error(`the engine refused ${verb}: ${saidBy(body)}`)
  }
  const send = (signal: NodeJS.Signals) => {
    sent.add(signal)
    return post(`kill?signal=${signal}`)
  }
  return {
    async signal(signal, to) {
      if (to === 'leader') return send(signal)
      if (signal === 'SIGSTOP') return post('pause')
      if (signal === 'SIGCONT') return post('unpause')
      return send(signal)
    },
    usage: () => readUsage(path),
    health: async () => readHealth((await ask({ path: `${path}/json` })).body),
    // In the place of a process its pids are those of this machine; as deployed nobody here knows them.
    children: async () => (deployed ? [] : (readOffspring(pid) ?? [])),
    listener: async (port) =>
      standing === 'machine'
        ? findListener(port, [pid, ...(readOffspring(pid) ?? [])])
        : { whose: 'unknown' },
    // All that ran in it ends with it.
    sweep: async () => [],
    killNow() {
      if (!deployed && pid > 0) killPid(pid)
      send('SIGKILL').catch(() => {
        // The watchdog removes it.
      })
    },
  }
}

function killPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended, or belongs to the engine's own machine.
  }
}

async function readUsage(path: string): Promise<Usage> {
  const { body } = await ask({ path: `${path}/stats?stream=false&one-shot=true` })
  const cpu = numberAt(body, 'cpu_stats', 'cpu_usage', 'total_usage')
  const used = numberAt(body, 'memory_stats', 'usage')
  const stats = ['memory_stats', 'stats'] as const
  // Pages of files that nobody uses any more are no memory of the program; cgroup v1 and v2 call them differently.
  const idle = numberAt(body, ...stats, 'total_inactive_file') || numberAt(body, ...stats, 'inactive_file')
  return { cpu: cpu / 1e9, rss: Math.max(used - idle, 0) }
}

/** `healthy`, or what is wrong: the last thing that its check printed. */
function readHealth(body: unknown): string {
  const status = valueAt(body, 'State', 'Health', 'Status')
  if (status === undefined) return 'its image has no HEALTHCHECK'
  const log = valueAt(body, 'State', 'Health', 'Log')
  const last = Array.isArray(log) ? valueAt(log.at(-1), 'Output') : undefined
  return status === 'healthy' || last === undefined ? String(status) : `${status}: ${String(last).trim()}`
}

function numberAt(value: unknown, ...keys: readonly string[]): number {
  const found = valueAt(value, ...keys)
  return typeof found === 'number' ? found : 0
}

function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  )
}

function readState(body: unknown): { readonly pid: number; readonly ip: string | undefined } {
  const ip = /"IPAddress":"([\d.]+)"/.exec(JSON.stringify(body ?? ''))?.[1]
  return { pid: numberAt(body, 'State', 'Pid'), ip }
}
