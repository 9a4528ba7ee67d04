import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { familyOf, type LedgerRecord, readLedger } from './ledger.ts'
import { releasePortsOf } from './ports.ts'
import { sweep } from './process/sweep.ts'

/** What was found of a run that had died. */
export interface Cleaned {
  readonly run: string
  readonly command: readonly string[]
  /** `pid name`. */
  readonly ended: readonly string[]
  /** What could not be ended. */
  readonly left: readonly string[]
  readonly ports: readonly number[]
  readonly by: 'watchdog' | 'next run'
}

/**
 * Ends and removes everything of a run whose runner is gone: processes, leases, its folder. Undefined when there is nothing
 * any more: it had ended in order.
 */
export async function cleanRun(folder: string, by: Cleaned['by']): Promise<Cleaned | undefined> {
  const record = readLedger(folder)
  if (record === undefined) return undefined
  const { run, command } = record.runner
  const [{ ended, left }, objects] = await Promise.all([sweep(familyOf(record)), cleanObjects(record)])
  const ports = releasePortsOf(run)
  const isDone = left.length === 0 && objects.left.length === 0
  if (isDone) for (const path of record.folders) rmSync(path, { recursive: true, force: true })
  const name = (entry: { pid: number; name: string }) => `${entry.pid} ${entry.name}`
  const cleaned = {
    run,
    command,
    ended: [...ended.map(name), ...objects.ended],
    left: [...left.map(name), ...objects.left],
    ports,
    by,
  }
  // The last thing that goes: until then, the next run can find what is left.
  if (isDone) rmSync(folder, { recursive: true, force: true })
  return cleaned
}

/** Containers, networks and volumes: an engine is asked only by a run that had used one. */
async function cleanObjects({ objects, runner }: LedgerRecord): Promise<Pick<Cleaned, 'ended' | 'left'>> {
  if (objects.length === 0) return { ended: [], left: [] }
  const { removeObjects } = await import('./docker/remove.ts')
  const removals = await removeObjects(objects, runner.run)
  const name = ({ object: { what, name } }: (typeof removals)[number]) => `${what} ${name}`
  return {
    ended: removals.filter(({ ended }) => ended === 'removed').map(name),
    left: removals.filter(({ ended }) => ended === 'left').map((one) => `${name(one)} (${one.why})`),
  }
}

/** Leaves word of what was cleaned, for the next run to tell. */
export function leaveWord(cleaned: Cleaned, folder: string): void {
  const place = join(dirname(dirname(folder)), 'cleaned')
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, `${basename(folder)}.json`), JSON.stringify(cleaned))
}
