import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { kill } from 'node:process'
import type { Readable } from 'node:stream'
import { raceAbort } from '../../wait/poll.ts'
import type { Exit, Handle, LaunchPlan } from '../driver.ts'
import { descendantsOf, listProcesses, readProcess } from './table.ts'

/** After its exit, a process that left its streams to others is not waited for any longer than this, in milliseconds. */
const LAST_WORDS = 50

/** What can be done with a child that runs in its own process group. */
export function createHandle(child: ChildProcess, plan: LaunchPlan): Handle {
  const pid = child.pid ?? 0
  const identity = readProcess(pid)?.start
  let gone = false
  // A script that has come to its end must not go on for ever because its services do.
  child.unref()
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref()
  const exited = waitForExit(child, plan).finally(() => {
    gone = true
  })

  function signal(name: NodeJS.Signals, to: 'leader' | 'group'): boolean {
    if (to === 'leader') return !gone && child.kill(name)
    return signalGroup(pid, name)
  }

  return {
    pid,
    exited,
    signal,
    async usage() {
      const table = listProcesses()
      const own = table.filter((entry) => entry.pid === pid && entry.start === identity)
      const family = [...own, ...descendantsOf([pid], table)]
      return {
        cpu: family.reduce((sum, { cpu }) => sum + cpu, 0),
        rss: family.reduce((sum, { rss }) => sum + rss, 0),
      }
    },
    children: async () => descendantsOf([pid], listProcesses()).map((entry) => entry.pid),
    listener: async () => ({ whose: 'unknown' }),
    async sweep() {
      signalGroup(pid, 'SIGKILL')
      return []
    },
    killNow: () => {
      signalGroup(pid, 'SIGKILL')
    },
  }
}

async function waitForExit(child: ChildProcess, plan: LaunchPlan): Promise<Exit> {
  const streams = Promise.all([
    drain(child.stdout, (chunk) => plan.write('stdout', chunk)),
    drain(child.stderr, (chunk) => plan.write('stderr', chunk)),
  ])
  const [code, signal] = await once(child, 'exit')
  await raceAbort(streams, AbortSignal.timeout(LAST_WORDS)).catch(() => {
    // Somebody else holds the streams: a child that lives on. What it printed so far has arrived.
  })
  return { code, signal }
}

/** Reads a stream from its first byte to its end, whatever comes: an unread pipe would stall the program. */
function drain(stream: Readable | null, write: (chunk: Uint8Array) => void): Promise<void> {
  if (stream === null) return Promise.resolve()
  return new Promise((resolve) => {
    stream.on('data', write)
    stream.on('error', () => resolve())
    stream.on('close', () => resolve())
  })
}

/** True when there was somebody in the group. */
function signalGroup(group: number, name: NodeJS.Signals): boolean {
  try {
    return kill(-group, name)
  } catch {
    // ESRCH: nobody is left in the group.
    return false
  }
}
