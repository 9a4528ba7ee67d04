import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { runId } from '../../run-id.ts'
import { raceAbort } from '../../wait/poll.ts'
import type { Exit, Handle, LaunchPlan } from '../driver.ts'
import { copyFiles } from '../files.ts'
import type { Guard } from '../guard.ts'
import type { Stream } from '../log.ts'
import { execBeside } from './exec.ts'
import { type Family, findFamily } from './family.ts'
import { signalGroup } from './group.ts'
import { type Identity, identify } from './identity.ts'
import { findListener } from './listeners.ts'
import { readOffspring } from './offspring.ts'
import { sweep } from './sweep.ts'
import { type ProcessEntry, readProcess } from './table.ts'

/** After its exit, a process that left its streams to others is not waited for any longer than this, in milliseconds. */
const LAST_WORDS = 50

/** What can be done with a child that runs in its own process group. Written down in the ledger before this returns. */
export function createHandle(child: ChildProcess, plan: LaunchPlan, guard: Guard): Handle {
  const pid = child.pid ?? 0
  const identity = identify(pid) ?? { pid, start: '0', boot: '' }
  guard.noteProcess(plan.service, identity)
  const seen = new Map<string, Identity>()
  const family = (): Family => ({
    run: runId,
    service: { name: plan.service, mark: guard.markOf(plan.service) },
    known: [identity, ...seen.values()],
    since: identity.start,
  })
  // A script that has come to its end must not go on for ever because its services do.
  child.unref()
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref()

  /** Descendants are written down when they are seen: once their parents are gone, ancestry tells nothing any more. */
  function look(): readonly ProcessEntry[] {
    const found = findFamily(family()).filter((entry) => entry.pid !== pid)
    for (const { pid: child, start } of found) {
      const key = `${child} ${start}`
      if (seen.has(key)) continue
      const known = { pid: child, start, boot: identity.boot }
      seen.set(key, known)
      guard.noteProcess(plan.service, known, true)
    }
    return found
  }

  return {
    pid,
    exited: waitForExit(child, plan),
    signal(name, to) {
      if (to === 'leader') return child.exitCode === null && child.signalCode === null && child.kill(name)
      return signalGroup(pid, name)
    },
    async usage() {
      const leader = readProcess(pid)
      const all = [...(leader === undefined ? [] : [leader]), ...look()]
      return {
        cpu: all.reduce((sum, { cpu }) => sum + cpu, 0),
        rss: all.reduce((sum, { rss }) => sum + rss, 0),
      }
    },
    children: async () => readOffspring(pid) ?? look().map((entry) => entry.pid),
    async listener(port) {
      const found = findListener(port, [pid, ...(readOffspring(pid) ?? [])])
      // One that has left its parent may still be its own: that takes a look at everybody.
      if (found.whose === 'ours' || found.whose === 'nobody') return found
      return findListener(port, [pid, ...look().map((entry) => entry.pid)])
    },
    exec: (words, signal) =>
      execBeside({ ...plan, service: words[0] ?? '', command: words }, guard.markOf(plan.service), signal),
    copy: {
      in: (here, there) => copyFiles(here, resolve(plan.cwd, there)),
      out: (there, here) => copyFiles(resolve(plan.cwd, there), here),
    },
    sweep: async () => (await sweep(family())).ended.map((entry) => entry.pid),
    killNow: () => {
      signalGroup(pid, 'SIGKILL')
    },
  }
}

async function waitForExit(child: ChildProcess, plan: LaunchPlan): Promise<Exit> {
  const streams = Promise.all([drain(child.stdout, 'stdout', plan), drain(child.stderr, 'stderr', plan)])
  const [code, signal] = await once(child, 'exit')
  await raceAbort(streams, AbortSignal.timeout(LAST_WORDS)).catch(() => {
    // Somebody else holds the streams: a child that lives on. What it printed so far has arrived.
  })
  return { code, signal }
}

/** Reads a stream from its first byte to its end, whatever comes: an unread pipe would stall the program. */
function drain(stream: Readable | null, name: Stream, plan: LaunchPlan): Promise<void> {
  if (stream === null) return Promise.resolve()
  return new Promise((resolve) => {
    stream.on('data', (chunk: Uint8Array) => plan.write(name, chunk))
    stream.on('error', () => {
      // 'close' follows.
    })
    stream.on('close', () => {
      plan.end(name)
      resolve()
    })
  })
}
