import { readdir, readFile, readlink } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { derive, type Reading } from 'shakedown'
import type { App } from './workers.ts'

const PAGE = 4096
const TICKS = 100
const NANOSECONDS = 1e9
/** States in the kernel's lists of sockets: of TCP, and of UDP, where whoever is bound and talks to nobody hears everybody. */
const LISTENING = '0A'
const UNCONNECTED = '07'
/** What /proc says of a process that its children have from it. */
const INHERITED = /^(Uid|Gid|Groups|Umask|Cpus_allowed_list|Mems_allowed_list|Cap\w+|NoNewPrivs|Seccomp):/
/** The flag of a Unix socket that accepts connections. */
const ACCEPTS = 0x10000

/** What the kernel says about a process; times in seconds, memory in bytes. */
export interface ProcessFacts {
  readonly age: number
  readonly memory: number
  /** Open files, sockets among them. */
  readonly files: number
  readonly threads: number
  /** How long it has computed. */
  readonly computed: number
  /** How long the children have computed whose end it has asked for. */
  readonly children: number
}

/** Asks the kernel about a process; rejects where there is none. */
export async function lookAtProcess(pid: number): Promise<ProcessFacts> {
  const [stat = '', statm = '', uptime = ''] = await Promise.all(
    [`/proc/${pid}/stat`, `/proc/${pid}/statm`, '/proc/uptime'].map((path) => readFile(path, 'utf8')),
  )
  // The name in brackets may have blanks in it; the 22nd field is the start, in ticks since boot.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const files = await readdir(`/proc/${pid}/fd`)
  return {
    age: Number(uptime.split(' ')[0]) - Number(fields[19]) / TICKS,
    memory: Number(statm.split(' ')[1]) * PAGE,
    files: files.length,
    threads: Number(fields[17]),
    computed: (Number(fields[11]) + Number(fields[12])) / TICKS,
    children: (Number(fields[13]) + Number(fields[14])) / TICKS,
  }
}

/**
 * How long the main threads of some processes have computed or waited for a processor, in seconds altogether. Time that
 * passes and is not in here was spent waiting for something else. 0 for a kernel that does not say.
 */
export async function busyTime(pids: readonly (number | 'self')[]): Promise<number> {
  const texts = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '0 0')),
  )
  return texts.reduce((sum, text) => {
    const [ran, waited] = text.split(' ').map(Number)
    return sum + ((ran ?? 0) + (waited ?? 0)) / NANOSECONDS
  }, 0)
}

/**
 * Milliseconds of what passes while something is waited for in which neither we nor these processes were busy. They are asked
 * for again at the end: who was born meanwhile counts.
 */
export async function idleWhile(
  list: () => Promise<readonly number[]>,
  wait: () => Promise<void>,
): Promise<number> {
  const lookAtAll = async () => {
    const pids = ['self', ...(await list())] as const
    return new Map(await Promise.all(pids.map(async (pid) => [pid, await busyTime([pid])] as const)))
  }
  const before = await lookAtAll()
  const began = performance.now()
  await wait()
  const passed = performance.now() - began
  const busy = [...(await lookAtAll())].map(([pid, seconds]) => seconds - (before.get(pid) ?? 0))
  return passed - 1000 * busy.reduce((sum, one) => sum + one, 0)
}

/** How long the main threads of some processes have computed, in seconds altogether: as the above, to the nanosecond. */
export async function computedTime(pids: readonly number[]): Promise<number> {
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/schedstat`, 'utf8')))
  return texts.reduce((sum, text) => sum + Number(text.split(' ')[0]) / NANOSECONDS, 0)
}

/** The addresses that the application and everything it has started listen on, for whatever protocol, each with who does. */
export function listeners(app: App): Reading<readonly string[]> {
  return derive(app.children, 'where the application and its children listen', async (children) => {
    const master = await app.pid.read()
    const [ofMaster, ofChildren] = await Promise.all([socketsOf([master]), socketsOf(children)])
    const sockets = await Promise.all([
      readSockets('/proc/net/tcp', LISTENING),
      readSockets('/proc/net/tcp6', LISTENING),
      readSockets('/proc/net/udp', UNCONNECTED),
      readSockets('/proc/net/udp6', UNCONNECTED),
      readUnixSockets(),
    ])
    const found = sockets.flat().flatMap(({ address, inode }) => {
      const owners = [
        ...(ofMaster.has(inode) ? ['the master'] : []),
        ...(ofChildren.has(inode) ? ['a child'] : []),
      ]
      return owners.length === 0 ? [] : [`${address} by ${owners.join(' and ')}`]
    })
    return [...new Set(found)].sort()
  })
}

/** What a child has from whoever started it, and what of it is otherwise for a worker than for its master. */
export function unlikeTheirMaster(app: App): Reading<readonly string[]> {
  return derive(app.workers, 'what workers have otherwise than their master', async (workers) => {
    const [master = [], ...others] = await Promise.all([await app.pid.read(), ...workers].map(inheritanceOf))
    return others.flatMap((lines, index) =>
      lines.flatMap((line, position) =>
        line === master[position]
          ? []
          : [`worker ${workers[index]}: ${line}, where the master has: ${master[position]}`],
      ),
    )
  })
}

/** Priority, users, limits, processors, folder: one a line. */
async function inheritanceOf(pid: number): Promise<readonly string[]> {
  const [status, limits, score, folder] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/limits`, 'utf8'),
    readFile(`/proc/${pid}/oom_score_adj`, 'utf8'),
    readlink(`/proc/${pid}/cwd`),
  ])
  const told = status.split('\n').filter((line) => INHERITED.test(line))
  const lines = [`nice ${getPriority(pid)}`, `killed first by ${score.trim()}`, `in ${folder}`, ...told]
  return [...lines, ...limits.trim().split('\n')].map((line) => line.trim().replaceAll(/\s+/g, ' '))
}

/** How much a process gives way to others, less what its parent does. */
export async function addedNice(pid: number): Promise<number> {
  const parent = /^PPid:\s+(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
  return getPriority(pid) - getPriority(Number(parent))
}

/** The children that have ended and were never asked about: each stays in the table of processes for ever. */
export function zombies(app: App): Reading<readonly string[]> {
  return derive(app.children, 'children that ended and were never asked about', async (children) => {
    const parents = [await app.pid.read(), ...children]
    const below = (await Promise.all(parents.map(childrenOf))).flat()
    const states = await Promise.all(
      below.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')), // gone meanwhile
    )
    return below.flatMap((pid, index) => (/\) [ZX] /.test(states[index] ?? '') ? [`process ${pid}`] : []))
  })
}

/** The children of a process as the kernel lists them, the ended ones too; none of one that is gone. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  )
  return lists.join(' ').split(' ').filter(Boolean).map(Number)
}

/** What a process has open: paths, and `socket:[inode]`. Rejects where there is no such process. */
export async function openFiles(pid: number): Promise<readonly string[]> {
  const names = await readdir(`/proc/${pid}/fd`)
  return Promise.all(
    names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')), // closed meanwhile
  )
}

async function socketsOf(pids: readonly number[]): Promise<ReadonlySet<string>> {
  const links = await Promise.all(
    pids.map(async (pid) => {
      return await openFiles(pid).catch(() => []) // gone meanwhile
    }),
  )
  return new Set(links.flat().flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
}

async function readSockets(file: string, wanted: string) {
  const protocol = file.includes('udp') ? 'udp ' : ''
  const text = await readFile(file, 'utf8').catch(() => '') // no such file: no such protocol
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    return state === wanted ? [{ address: protocol + writeAddress(local), inode }] : []
  })
}

async function readUnixSockets() {
  const text = await readFile('/proc/net/unix', 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [, , , flags = '', , , inode = '', path = ''] = line.trim().split(/\s+/)
    return Number.parseInt(flags, 16) & ACCEPTS ? [{ address: `unix ${path}`, inode }] : []
  })
}

/** `0100007F:1F98` is 127.0.0.1:8088: the bytes of each word are the wrong way round. */
function writeAddress(text: string): string {
  const [host = '', port = ''] = text.split(':')
  const bytes = host.match(/../g)?.reverse() ?? []
  const isOld = bytes.length === 4
  const shown = isOld ? bytes.map((byte) => Number.parseInt(byte, 16)).join('.') : `[${host}]`
  return `${shown}:${Number.parseInt(port, 16)}`
}
