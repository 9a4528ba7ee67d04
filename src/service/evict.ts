import { readFileSync } from 'node:fs'
import { getuid, platform } from 'node:process'
import { formatDuration } from '../duration.ts'
import { PreflightError } from '../error.ts'
import { emit } from '../event.ts'
import { poll } from '../wait/poll.ts'
import { leasePort } from './ports.ts'
import { findHolders, listListening } from './process/listeners.ts'
import { end } from './process/sweep.ts'
import { type ProcessEntry, readCommand, readProcess } from './process/table.ts'

/** Who listens on a port of this machine. */
export interface PortHolder {
  /** Undefined where this user may not see who it is. */
  readonly pid: number | undefined
  /** `pid 4711 (python3 -m http.server 8088)`. */
  readonly describe: string
}

/** Programs that hold a port for somebody else: a container, another machine. Ending them breaks what they stand for. */
const PROXIES =
  /^(docker-proxy|rootlessport|slirp4netns|pasta|conmon|containerd-shim|ssh|sshd|kubectl|dockerd|containerd)$/
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
    const why = reasonToSpare(entry)
    if (why !== undefined) throw refuse(port, `pid ${entry.pid} (${readCommand(entry.pid)})`, why)
  }
  for (const entry of entries) await endHolder(port, entry)
}

async function endHolder(port: number, entry: ProcessEntry): Promise<void> {
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
  const read = async () => {
    const now = readProcess(entry.pid)
    return now === undefined || now.start !== entry.start || now.zombie
  }
  const waited = await poll(read, {
    what: `the end of pid ${entry.pid}`,
    within,
    judge: (gone) => ({ met: gone }),
  })
  return waited.ended === 'met'
}

function reasonToSpare(entry: ProcessEntry): string | undefined {
  if (entry.pid === 1) return 'it is pid 1, which every other process depends on'
  if (isAncestor(entry.pid)) return 'this command runs inside of it'
  if (PROXIES.test(entry.name))
    return 'it holds the port for a container or another machine: stop that instead'
  if (ownerOf(entry.pid) !== getuid?.()) return 'it belongs to another user'
  const unit = unitOf(entry.pid)
  return unit === undefined
    ? undefined
    : `${unit} would start it again: stop that instead, systemctl stop ${unit}`
}

function isAncestor(pid: number): boolean {
  for (let one = readProcess(process.pid); one !== undefined && one.pid > 1; one = readProcess(one.parent)) {
    if (one.pid === pid) return true
  }
  return false
}

function ownerOf(pid: number): number | undefined {
  if (platform !== 'linux') return getuid?.()
  const [, owner] = /^Uid:\s+(\d+)/m.exec(readText(`/proc/${pid}/status`)) ?? []
  return owner === undefined ? undefined : Number(owner)
}

/** The unit of a service manager that a process belongs to; user sessions are none, nor is one that we run in ourselves. */
function unitOf(pid: number): string | undefined {
  const unit = innermostUnit(pid)
  return unit === innermostUnit(process.pid) ? undefined : unit
}

function innermostUnit(pid: number): string | undefined {
  const parts = readText(`/proc/${pid}/cgroup`).split(/[/\n]/)
  return parts.findLast((part) => part.endsWith('.service') && !/^(user@|session)/.test(part))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Gone meanwhile, or no /proc: nothing is known about it.
    return ''
  }
}

function refuse(port: number, who: string, why: string): PreflightError {
  return new PreflightError(`port ${port} is held by ${who}, which is not ended: ${why}`, {
    hint: 'free the port yourself, or take another one',
  })
}
