import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** One row of the process table. */
export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  /** When it was started, as the system counts: together with the pid and the boot it is nobody else. */
  readonly start: string
  /** Gone, and only not yet noticed by its parent. */
  readonly zombie: boolean
  readonly name: string
  /** Seconds of CPU it used. */
  readonly cpu: number
  /** Bytes in memory. */
  readonly rss: number
}

const HAS_PROC = process.platform === 'linux'
/** USER_HZ and the page size are the same on every Linux that Node runs on, but for pages on some arm64 and ppc64 kernels. */
const TICKS_PER_SECOND = 100
const PAGE = 4096

/** One process, or undefined when there is none with that pid. */
export function readProcess(pid: number): ProcessEntry | undefined {
  if (!HAS_PROC) return listProcesses().find((entry) => entry.pid === pid)
  const stat = readText(`/proc/${pid}/stat`)
  return stat === undefined ? undefined : parseStat(stat)
}

/** Every process of the machine, as far as this user may see them. */
export function listProcesses(): readonly ProcessEntry[] {
  if (!HAS_PROC) return listWithPs()
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    const entry = Number.isInteger(pid) ? readProcess(pid) : undefined
    return entry === undefined ? [] : [entry]
  })
}

/** The environment with which a process was started, where the system tells; programs can overwrite it. */
export function readEnvironment(pid: number): Readonly<Record<string, string>> | undefined {
  const text = HAS_PROC ? readText(`/proc/${pid}/environ`)?.split('\0') : psEnvironment(pid)
  if (text === undefined) return undefined
  return Object.fromEntries(text.filter((pair) => pair.includes('=')).map((pair) => splitOnce(pair, '=')))
}

/** The command line of a process, for messages. */
export function readCommand(pid: number): string {
  if (!HAS_PROC) return ps(['-o', 'command=', '-p', String(pid)]).trim()
  const line = readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim()
  return line || (readProcess(pid)?.name ?? '')
}

/** The descendants of these processes in a table, themselves not included. */
export function descendantsOf(
  pids: Iterable<number>,
  table: readonly ProcessEntry[],
): readonly ProcessEntry[] {
  const family = new Set(pids)
  const found: ProcessEntry[] = []
  for (let grown = true; grown; ) {
    grown = false
    for (const entry of table) {
      if (family.has(entry.pid) || !family.has(entry.parent)) continue
      family.add(entry.pid)
      found.push(entry)
      grown = true
    }
  }
  return found
}

/** `pid (name) state ppid pgrp session …`: the name may hold spaces and brackets, so what follows its last one counts. */
function parseStat(stat: string): ProcessEntry {
  const open = stat.indexOf('(')
  const close = stat.lastIndexOf(')')
  const fields = stat.slice(close + 2).split(' ')
  const field = (index: number) => Number(fields[index - 3])
  return {
    pid: Number(stat.slice(0, open)),
    name: stat.slice(open + 1, close),
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    parent: field(4),
    group: field(5),
    session: field(6),
    start: fields[22 - 3] ?? '',
    cpu: (field(14) + field(15)) / TICKS_PER_SECOND,
    rss: field(24) * PAGE,
  }
}

const PS_COLUMNS = 'pid=,ppid=,pgid=,sess=,stat=,time=,rss=,lstart=,comm='
const PS_ROW =
  /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\w+)\s+(\S+)\s+(\S+)\s+(\d+)\s+(\w+\s+\w+\s+\d+\s+\S+\s+\d+)\s+(.*)$/

function listWithPs(): readonly ProcessEntry[] {
  return ps(['-A', '-o', PS_COLUMNS])
    .split('\n')
    .flatMap((row) => {
      const [, pid, parent, group, session, state, time = '', rss, start = '', name = ''] =
        PS_ROW.exec(row) ?? []
      if (pid === undefined) return []
      return {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: Number.parseInt(session ?? '', 16) || 0,
        start,
        name,
        zombie: state?.startsWith('Z') === true,
        cpu: time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0),
        rss: Number(rss) * 1024,
      }
    })
}

function psEnvironment(pid: number): readonly string[] | undefined {
  const text = ps(['eww', '-o', 'command=', '-p', String(pid)])
  return text === '' ? undefined : text.split(/\s+/)
}

/** What `ps` prints; nothing where there is no `ps` (Windows) or no such process. */
function ps(args: readonly string[]): string {
  try {
    return execFileSync('ps', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, stdio: 'pipe' })
  } catch {
    // `ps -p` exits 1 for a process that is gone: there is nothing to tell about it.
    return ''
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // Gone meanwhile, or another user's: both mean that there is nothing to see.
    return undefined
  }
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator)
  return [text.slice(0, index), text.slice(index + 1)]
}
