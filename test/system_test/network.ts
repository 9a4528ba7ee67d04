import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { commandOf, isRunning, until } from '../service/until.ts'

/** A network of its own: the documented ports are free in it, whatever else runs here, and nobody else can take them. */
export interface Network extends AsyncDisposable {
  /** Words before a command that is to run inside of it. */
  readonly inside: readonly string[]
  /** Waits until only these are left of everything that ran inside of it: no process can leave it without wanting to. */
  expectOnly(...holders: readonly Pick<Holder, 'pid'>[]): Promise<void>
}

const isRoot = process.getuid?.() === 0
const MAKE = isRoot ? ['--net'] : ['--user', '--map-root-user', '--net']
const ENTER = isRoot ? [] : ['--user', '--preserve-credentials']
const KEEPER = 'ip link set lo up && echo up && exec cat'

/** Opens a network that lasts until it is disposed. Rejects where this system allows none. */
export async function openNetwork(): Promise<Network> {
  const keeper = spawn('unshare', [...MAKE, 'sh', '-c', KEEPER], { stdio: ['pipe', 'pipe', 'ignore'] })
  const exited = once(keeper, 'exit')
  await Promise.race([
    once(keeper.stdout, 'data'),
    exited.then(() => Promise.reject(new Error('no network can be made here'))),
  ])
  const pid = keeper.pid ?? 0
  return {
    inside: ['nsenter', '--target', String(pid), ...ENTER, '--net', '--'],
    async expectOnly(...holders) {
      const wanted = [pid, ...holders.map((holder) => holder.pid)]
      const network = readlinkSync(`/proc/${pid}/ns/net`)
      const strangers = () => pidsIn(network).filter((one) => !wanted.includes(one))
      // A watchdog ends right after whom it watches over.
      const left = strangers().map((one) => `${one} ${commandOf(one)}`)
      await until(`the end of ${left.join(', ')}`, () => strangers().length === 0)
      for (const one of wanted) assert.ok(isRunning(one), `${one} runs no longer`)
    },
    async [Symbol.asyncDispose]() {
      keeper.kill('SIGKILL')
      await exited
    },
  }
}

/** Why the tests that need such a network cannot run here, false where they can. */
export async function withoutNetwork(): Promise<string | false> {
  try {
    await using _ = await openNetwork()
    return false
  } catch {
    return 'needs Linux, unshare and ip, for a network in which the documented ports are free'
  }
}

/** A program that listens on a port until somebody ends it. */
export interface Holder extends AsyncDisposable {
  readonly pid: number
  readonly child: ChildProcess
  /** The signal that ended it. */
  readonly ended: Promise<string | null>
}

const LISTENS =
  "require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1', () => console.log('listening'))"

/** Starts one, in a network or, without, on this machine; a stubborn one does not end by TERM. */
export async function hold(
  port: number,
  options: { readonly network?: Network; readonly stubborn?: boolean } = {},
): Promise<Holder> {
  const { network, stubborn = false } = options
  const code = stubborn ? `process.on('SIGTERM', () => {}); ${LISTENS}` : LISTENS
  const [program = '', ...args] = [...(network?.inside ?? []), process.execPath, '-e', code, String(port)]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit').then(([, signal]: (string | null)[]) => signal ?? null)
  await once(child.stdout, 'data')
  return {
    pid: child.pid ?? 0,
    child,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function pidsIn(network: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && networkOf(pid) === network && isRunning(pid))
}

function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}
