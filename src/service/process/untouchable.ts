import { readFileSync } from 'node:fs'
import { getuid } from 'node:process'
import { system } from './system.ts'
import { type ProcessEntry, readProcess } from './table.ts'

/** Programs that hold a port for somebody else: a container, another machine. Ending them breaks what they stand for. */
const PROXIES =
  /^(docker-proxy|rootlessport|slirp4netns|pasta|conmon|containerd-shim|ssh|sshd|kubectl|dockerd|containerd)$/
const CONTAINER = /docker|containerd|libpod|kubepods|lxc|crio/

/** Why a process is not ours to end, whatever port it holds; undefined when it may be ended. */
export function findReasonToSpare({ pid, name }: ProcessEntry): string | undefined {
  if (pid === 1) return 'it is pid 1, which every other process depends on'
  if (isAncestor(pid)) return 'this command runs inside of it'
  if (PROXIES.test(name)) return 'it holds the port for a container or another machine: stop that instead'
  if (ownerOf(pid) !== getuid?.()) return 'it belongs to another user'
  return findKeeper(pid)
}

/** A container or a unit of the service manager would start it again. One that we run in ourselves is none. */
function findKeeper(pid: number): string | undefined {
  const own = groupsOf(process.pid)
  const foreign = groupsOf(pid).filter((path) => !own.includes(path))
  if (foreign.some((path) => CONTAINER.test(path))) return 'it runs in a container: stop that instead'
  const units = foreign.map((path) => path.split('/').findLast((part) => part.endsWith('.service')))
  const unit = units.find((part) => part !== undefined && !/^(user@|session)/.test(part))
  if (unit === undefined || own.some((path) => path.split('/').includes(unit))) return undefined
  return `${unit} would start it again: stop that instead, systemctl stop ${unit}`
}

function isAncestor(pid: number): boolean {
  for (let one = readProcess(process.pid); one !== undefined && one.pid > 1; one = readProcess(one.parent)) {
    if (one.pid === pid) return true
  }
  return false
}

function ownerOf(pid: number): number | undefined {
  if (system.name !== 'linux') return getuid?.()
  const [, owner] = /^Uid:\s+(\d+)/m.exec(readText(`/proc/${pid}/status`)) ?? []
  return owner === undefined ? undefined : Number(owner)
}

/** The control groups of a process: `hierarchy:controllers:path` a line. */
function groupsOf(pid: number): readonly string[] {
  const lines = readText(`/proc/${pid}/cgroup`).trim().split('\n')
  return lines.map((line) => line.split(':').slice(2).join(':'))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Gone meanwhile, or no /proc: nothing is known about it.
    return ''
  }
}
