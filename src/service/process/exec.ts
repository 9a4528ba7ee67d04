import { text } from 'node:stream/consumers'
import { PreflightError } from '../../error.ts'
import { exitCodeOf } from '../../interrupt.ts'
import type { Output } from '../../shell/run.ts'
import type { LaunchPlan } from '../driver.ts'
import { signalGroup } from './group.ts'
import { spawnCommand } from './spawn.ts'

/** What shells exit with for a program that is not there. */
const MISSING = 127

/**
 * Runs a command as one more process of a service: it bears the service's mark, so that it ends with it. Its group ends when
 * the signal aborts, which rejects.
 */
export async function execBeside(
  plan: LaunchPlan,
  mark: bigint,
  signal: AbortSignal | undefined,
): Promise<Output> {
  signal?.throwIfAborted()
  const child = await spawnCommand(plan, mark).catch((error: unknown) => {
    if (error instanceof PreflightError) return error.title
    throw error
  })
  if (typeof child === 'string') return { code: MISSING, stdout: '', stderr: child }
  const end = () => signalGroup(child.pid ?? 0, 'SIGKILL')
  signal?.addEventListener('abort', end, { once: true })
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number>((settle) => {
      child.on('exit', (exit, killer) => settle(exit ?? exitCodeOf(killer ?? 'SIGTERM')))
    }),
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ])
  signal?.removeEventListener('abort', end)
  signal?.throwIfAborted()
  return { code, stdout, stderr }
}
