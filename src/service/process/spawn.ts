import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { platform } from 'node:process'
import { PreflightError, toError } from '../../error.ts'
import { nearest } from '../../nearest.ts'
import type { LaunchPlan } from '../driver.ts'
import { withBirthmark } from './birthmark.ts'
import { findProgram, listPrograms } from './executable.ts'

/**
 * Starts the command in a session and process group of its own, both streams piped, born with the mark of its service.
 * Resolves once it runs; rejects with a PreflightError that names the program when it does not exist or may not be run.
 */
export async function spawnCommand(plan: LaunchPlan, mark: bigint): Promise<ChildProcess> {
  const [program = ''] = plan.command
  const found = findProgram(program, plan)
  if ('missing' in found) throw tellMissing(plan, found.missing)
  const [first = '', ...args] = [...withBirthmark(mark), ...plan.command]
  const start = platform === 'win32' ? (await import('cross-spawn')).default.spawn : spawn
  const child = start(first, args, {
    cwd: plan.cwd,
    env: { ...plan.env },
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identityOf(plan.user),
  })
  if (child.pid !== undefined) return child
  const [error] = await once(child, 'error')
  throw tellMissing(plan, toError(error).message)
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

function tellMissing(plan: LaunchPlan, missing: string): PreflightError {
  const { service, install, env } = plan
  const [program = ''] = plan.command
  const close = nearest(program, listPrograms(env['PATH']))
  return new PreflightError(`${service} cannot be started: ${missing}`, {
    hint: [
      ...(install === undefined ? [] : [`install it: ${install}`]),
      ...(close === undefined || close === program ? [] : [`did you mean ${close}?`]),
    ],
  })
}
