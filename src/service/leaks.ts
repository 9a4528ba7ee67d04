import { readdirSync } from 'node:fs'
import { ShakedownError } from '../error.ts'
import { emit } from '../event.ts'
import { runId } from '../run-id.ts'
import { currentGuard, type Guard } from './guard.ts'
import { findFamily } from './process/family.ts'
import { sweep } from './process/sweep.ts'
import { readCommand } from './process/table.ts'

/** Something that is still there after everything was stopped. */
export interface Leak {
  /** `process 4711`, `folder`. */
  readonly what: string
  readonly detail: string
  /** True when it is gone now. */
  readonly ended: boolean
}

/** Looks for what this run has left behind although all of its services are stopped, ends it, and tells each as an event. */
export async function checkLeaks(): Promise<readonly Leak[]> {
  const guard = currentGuard()
  if (guard === undefined) return []
  const leaks = [...(await endProcesses(guard)), ...(await endObjects(guard)), ...findFolders(guard)]
  for (const leak of leaks) emit({ kind: 'leak', ...leak })
  emit({ kind: 'leak:check', found: leaks.length })
  return leaks
}

/** Fails when something was left behind. */
export async function refuseLeaks(): Promise<void> {
  const leaks = await checkLeaks()
  const [first] = leaks
  if (first === undefined) return
  throw new ShakedownError('leak', `left behind: ${first.what}`, {
    last: leaks
      .map(({ what, detail, ended }) => `${what}: ${detail}${ended ? ' (ended now)' : ''}`)
      .join('\n'),
    hint: 'every service was stopped, and this was still there: it must end what it starts',
  })
}

async function endProcesses(guard: Guard): Promise<readonly Leak[]> {
  const commands = new Map(findFamily(guard.family()).map(({ pid }) => [pid, readCommand(pid)]))
  if (commands.size === 0) return []
  const { ended, left } = await sweep(guard.family())
  const tell = (entries: typeof ended, gone: boolean) =>
    entries.map(({ pid, name }) => ({
      what: `process ${pid}`,
      detail: commands.get(pid) ?? name,
      ended: gone,
    }))
  return [...tell(ended, true), ...tell(left, false)]
}

/** What an engine still has of this run. */
async function endObjects({ objects, forgetObject }: Guard): Promise<readonly Leak[]> {
  if (objects.size === 0) return []
  const { removeObjects } = await import('./docker/remove.ts')
  const all = [...objects.values()].map((object) => ({ ...object, made: true }))
  return (await removeObjects(all, runId)).flatMap(({ object: { what, name }, ended, why }) => {
    if (ended !== 'left') forgetObject(name)
    return ended === 'gone' ? [] : [{ what, detail: why ?? name, ended: ended === 'removed' }]
  })
}

/** A service's folder goes with it; what is still there could not be removed. */
function findFolders({ folder }: Guard): readonly Leak[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'logs')
    .map(({ name }) => ({ what: 'folder', detail: `${folder}/${name}`, ended: false }))
}
