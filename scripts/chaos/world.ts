import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { listListeners } from './sockets.ts'

/**
 * A world of its own for one run after the other: network, shared memory, home and temporary folder. The kernel says of each
 * process in which network it is, whatever became of its parent, group, name and environment: that is how everything of a
 * run is found here, and none of the toolkit's own means are used.
 */
export interface World extends AsyncDisposable {
  /** `HOME`; the only thing in it is the folder that is `TMPDIR`. */
  readonly folder: string
  /** Words before a command that is to run in it. */
  readonly inside: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Everything that runs in it now, but for what belongs to the world itself. */
  pids(): readonly number[]
  /** Files, listening sockets and shared memory that are there now, but for what belongs to the world itself. */
  things(): Promise<readonly string[]>
  /** Makes everything that is there now a part of the world: a decoy. */
  settle(): Promise<void>
}

const isRoot = process.getuid?.() === 0
const MAKE = isRoot ? [] : ['--user', '--map-root-user']
const ENTER = isRoot ? [] : ['--user', '--preserve-credentials']
const PARTS = ['--net', '--ipc', '--mount']
/** It ends everything in the world when whoever opened that is gone. */
const KEEPER = `ip link set lo up && mount -t tmpfs none /dev/shm && echo up && read -r forever
own=$(readlink /proc/$$/ns/net)
for one in /proc/[0-9]*; do
  [ "$one" = /proc/$$ ] || [ "$(readlink $one/ns/net)" != "$own" ] || kill -9 "\${one#/proc/}"
done`

/** Opens a world. Rejects where this system allows none. */
export async function openWorld(): Promise<World> {
  const keeper = spawn('unshare', [...MAKE, ...PARTS, 'sh', '-c', KEEPER], {
    // Ctrl-C is for whoever opened the world.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await hearUp(keeper)
  const pid = keeper.pid ?? 0
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
  mkdirSync(join(folder, 'tmp'))
  const network = networkOf(pid)
  const inside = ['nsenter', '--target', String(pid), ...ENTER, ...PARTS, '--']
  const look = async () => [
    ...listFiles(folder),
    ...listFiles(`/proc/${pid}/root/dev/shm`).map((name) => `/dev/shm/${name}`),
    ...listListeners(`/proc/${pid}/net`),
    ...(await listSegments(inside)),
  ]
  const own = new Set(pidsIn(network))
  let settled = new Set(await look())
  return {
    folder,
    inside,
    env: { HOME: folder, TMPDIR: join(folder, 'tmp') },
    pids: () => pidsIn(network).filter((one) => !own.has(one)),
    things: async () => (await look()).filter((thing) => !settled.has(thing)),
    async settle() {
      for (const one of pidsIn(network)) own.add(one)
      settled = new Set(await look())
    },
    async [Symbol.asyncDispose]() {
      for (const one of pidsIn(network)) end(one)
      const ended = once(keeper, 'exit')
      keeper.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function hearUp(keeper: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const why = new Error('needs Linux, unshare and ip, and the right to make a network namespace')
  keeper.once('error', () => reject(why)).once('exit', () => reject(why))
  keeper.stdout?.once('data', () => resolve())
  await promise
}

/** Undefined for a process that is gone, reaped or not. */
function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return undefined
  }
}

function pidsIn(network: string | undefined): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && networkOf(pid) === network && network !== undefined)
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone meanwhile.
  }
}

/** Every file and folder below, relative to it; nothing where it is gone. */
export function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()
}

/** Shared memory and semaphores of System V, which outlive everybody: each with its id. */
async function listSegments([program = '', ...words]: readonly string[]): Promise<readonly string[]> {
  const files = ['shm', 'sem', 'msg'].map((kind) => `/proc/sysvipc/${kind}`)
  const { stdout } = await promisify(execFile)(program, [...words, 'grep', '-H', '[0-9]', ...files]).catch(
    () => ({
      // grep found no line: there is none.
      stdout: '',
    }),
  )
  return stdout
    .split('\n')
    .flatMap((line) => /^\/proc\/(.*):\s*\S+\s+(\d+)/.exec(line)?.slice(1, 3).join(' ') ?? [])
}
