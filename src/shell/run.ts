import type { ProcessPromise } from 'zx/core'
import { exitCodeOf } from '../interrupt.ts'
import { RUN_VARIABLE, runMark } from '../run-id.ts'
import { quote } from './quote.ts'

/** What a command printed and how it ended. */
export interface Output {
  /** 128 plus the signal's number where a signal ended it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command after its template was taken apart: the fixed texts, and what stands between them. */
export interface Words {
  readonly texts: TemplateStringsArray
  readonly values: readonly (string | readonly string[])[]
}

/** After SIGTERM; in milliseconds. */
const GRACE = 2000
const groups = new Set<number>()

/**
 * Runs a shell command to its end, by bash, or by /bin/sh where there is none; `-e`, `-u` and, in bash, `pipefail` hold. It
 * reads nothing, and has a process group of its own, which ends when the signal aborts, and with this process. Rejects only
 * with the signal's reason, or when no shell could be started.
 */
export async function runCommand({ texts, values }: Words, signal: AbortSignal | undefined): Promise<Output> {
  const { $: zx } = await import('zx/core')
  signal?.throwIfAborted()
  const isPosix = process.platform !== 'win32'
  const shell = isPosix && zx.shell === true ? { shell: '/bin/sh', prefix: 'set -eu;' } : {}
  const command = zx({
    nothrow: true,
    quiet: true,
    detached: isPosix,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, [RUN_VARIABLE]: runMark },
    ...(isPosix ? { quote } : {}),
    ...shell,
  })(texts, ...values)
  const forget = endWith(command, signal)
  try {
    const { exitCode, signal: killer, stdout, stderr, cause } = await command
    signal?.throwIfAborted()
    if (cause instanceof Error && exitCode === null && killer === null) throw cause
    return { code: exitCode ?? exitCodeOf(killer ?? 'SIGTERM'), stdout, stderr }
  } finally {
    forget()
  }
}

function endWith(command: ProcessPromise, signal: AbortSignal | undefined): () => void {
  const { pid } = command
  if (pid === undefined) return () => {}
  if (groups.size === 0) process.on('exit', endAll)
  groups.add(pid)
  let timer: NodeJS.Timeout | undefined
  const end = () => {
    endGroup(pid, 'SIGTERM')
    timer = setTimeout(() => endGroup(pid, 'SIGKILL'), GRACE)
  }
  signal?.addEventListener('abort', end, { once: true })
  return () => {
    signal?.removeEventListener('abort', end)
    clearTimeout(timer)
    groups.delete(pid)
    if (groups.size === 0) process.off('exit', endAll)
  }
}

function endAll(): void {
  for (const pid of groups) endGroup(pid, 'SIGKILL')
}

function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch {
    // All of it has ended.
  }
}
