import { formatDuration } from '../duration.ts'
import { PreflightError } from '../error.ts'
import { emit } from '../event.ts'
import { poll } from '../wait/poll.ts'
import { leasePort } from './ports.ts'
import { findHolders, listListening } from './process/listeners.ts'
import { end } from './process/sweep.ts'
import { descendantsOf, listProcesses, type ProcessEntry, readCommand, readProcess } from './process/table.ts'
import { findReasonToSpare } from './process/untouchable.ts'

/** Who listens on a port of this machine. */
export interface PortHolder {
  /** Undefined where this user may not see who it is. */
  readonly pid: number | undefined
  /** `pid 4711 (python3 -m http.server 8088)`. */
  readonly describe: string
}

const GRACE = 5000
const KILL_PATIENCE = 5000

/** Who listens on a port of the loopback; undefined when nobody does. */
export async function holderOf(port: number): Promise<PortHolder | undefined> {
  const sockets = listListening(port) ?? []
  const [first] = sockets
  if (first === undefined) return undefined
  const [pid] = findHolders(sockets)
  if (pid === undefined) return { pid: undefined, describe: `a process of user ${first.uid}` }
  return { pid, describe: `pid ${pid} (${readCommand(pid)})` }
}

/** A port that is free now and that no other run has leased. */
export async function freePort(): Promise<number> {
  const { port, release } = await leasePort()
  release()
  return port
}

/**
 * Frees a port: says who holds it, TERM, wait, KILL, by pid. Throws a PreflightError, and ends nobody, when a holder is
 * another user's, an ancestor of this process, pid 1, a proxy of containers, or a unit of a service manager.
 */
export async function evict(port: number): Promise<void> {
  const pids = findHolders(listListening(port) ?? [])
  const holder = await holderOf(port)
  if (holder === undefined) return
  const entries = pids.flatMap((pid) => readProcess(pid) ?? [])
  if (entries.length === 0) throw refuse(port, holder.describe, 'it belongs to another user')
  for (const entry of entries) {
    const why = findReasonToSpare(entry)
    if (why !== undefined) throw refuse(port, `pid ${entry.pid} (${readCommand(entry.pid)})`, why)
  }
  // Workers inherit the socket: who forked them is told, and sees to them.
  for (const entry of outermostFirst(entries)) await endHolder(port, entry)
}

function outermostFirst(entries: readonly ProcessEntry[]): readonly ProcessEntry[] {
  const table = listProcesses()
  const depth = ({ pid }: ProcessEntry) =>
    entries.filter((other) => descendantsOf([other.pid], table).some((child) => child.pid === pid)).length
  return entries.toSorted((left, right) => depth(left) - depth(right))
}

async function endHolder(port: number, entry: ProcessEntry): Promise<void> {
  if (!isThere(entry)) return
  const who = `pid ${entry.pid} (${readCommand(entry.pid)})`
  emit({ kind: 'note', level: 'notice', text: `port ${port}: ends ${who}` })
  process.stdout.write(`port ${port} is freed: ${who} is told to end\n`)
  end(entry, 'SIGTERM')
  if (await isGone(entry, GRACE)) return
  process.stdout.write(`${who} did not end within ${formatDuration(GRACE)} and is killed\n`)
  end(entry, 'SIGKILL')
  if (await isGone(entry, KILL_PATIENCE)) return
  throw refuse(port, who, 'it does not end')
}

async function isGone(entry: ProcessEntry, within: number): Promise<boolean> {
  const waited = await poll(async () => !isThere(entry), {
    what: `the end of pid ${entry.pid}`,
    within,
    judge: (gone) => ({ met: gone }),
  })
  return waited.ended === 'met'
}

function isThere(entry: ProcessEntry): boolean {
  const now = readProcess(entry.pid)
  return now !== undefined && now.start === entry.start && !now.zombie
}

function refuse(port: number, who: string, why: string): PreflightError {
  return new PreflightError(`port ${port} is held by ${who}, which is not ended: ${why}`, {
    hint: 'free the port yourself, or take another one',
  })
}
