import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { platform } from 'node:process'
import { PreflightError, toError } from '../../error.ts'
import { nearest } from '../../nearest.ts'
import { shorten } from '../../show.ts'
import type { LaunchPlan } from '../driver.ts'
import { listExecutables } from './executable.ts'

/**
 * Starts the command in a session and process group of its own, both streams piped. Resolves once it runs; rejects with a
 * PreflightError that names the program when it does not exist or may not be run.
 */
export async function spawnCommand(plan: LaunchPlan): Promise<ChildProcess> {
  const [program = '', ...args] = plan.command
  const options = {
    cwd: plan.cwd,
    env: { ...plan.env },
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    ...identityOf(plan.user),
  }
  const start = platform === 'win32' ? (await import('cross-spawn')).default.spawn : spawn
  const child = start(program, args, options)
  if (child.pid !== undefined) return child
  const [error] = await once(child, 'error')
  throw tellMissing(plan, toError(error))
}

/** The user and group ids to run as; nothing where the runner is not root: then it runs as the runner. */
export function identityOf(user: string | undefined): { readonly uid?: number; readonly gid?: number } {
  if (user === undefined || process.getuid?.() !== 0) return {}
  const row = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${user}:`))
  const [, , uid, gid] = row?.split(':') ?? []
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  throw new PreflightError(`there is no user ${user} to run a service as`, {
    hint: 'root runs it as somebody else because the program refuses root; create the user, or run as yourself',
  })
}

function tellMissing(plan: LaunchPlan, error: Error): PreflightError {
  const [program = ''] = plan.command
  const code = 'code' in error ? String(error.code) : error.message
  if (!existsSync(plan.cwd)) {
    return new PreflightError(`${plan.service} cannot be started: its folder does not exist`, {
      last: plan.cwd,
      hint: '`in` is relative to the working directory of the script',
      cause: error,
    })
  }
  const found = code !== 'ENOENT'
  const close = found ? undefined : nearest(program, listExecutables(plan.env['PATH']))
  return new PreflightError(
    found
      ? `${plan.service} cannot be started: ${program} (${code})`
      : `${plan.service} cannot be started: there is no program ${program}`,
    {
      last: found
        ? shorten(error.message)
        : `not in any of the ${(plan.env['PATH'] ?? '').split(delimiter).length} folders of the PATH`,
      hint: [
        ...(plan.install === undefined ? [] : [`install it: ${plan.install}`]),
        ...(close === undefined ? [] : [`did you mean ${close}?`]),
      ],
      cause: error,
    },
  )
}
