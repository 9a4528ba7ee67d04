import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runId } from '../run-id.ts'
import { type Cleaned, cleanRun } from './clean.ts'
import { type LedgerRecord, readLedgers } from './ledger.ts'
import { listFolder } from './list-folder.ts'
import { releaseStalePorts } from './ports.ts'
import { isAlive } from './process/identity.ts'
import { stateFolder } from './state.ts'

/** What was found of runs that had died, and ended or removed. */
export interface Report {
  readonly runs: readonly Cleaned[]
  /** Ports whose lease nobody held any more. */
  readonly ports: readonly number[]
}

/**
 * Ends and removes what runs of this user have left whose runner is gone, and only that; reports what their watchdogs had
 * done, too. A run that is alive is not touched. Costs next to nothing where there is none.
 */
export async function cleanDeadRuns(): Promise<Report> {
  const runs: Cleaned[] = []
  for (const record of readLedgers(join(stateFolder(), 'runs'))) {
    if (record.runner.run === runId || isAlive(record.runner)) continue
    const cleaned = await cleanRun(record.folder, 'next run').catch((error: Error) =>
      tellUncleaned(record, error),
    )
    if (cleaned !== undefined) runs.push(cleaned)
  }
  return { runs: [...takeWord(), ...runs], ports: releaseStalePorts() }
}

/** What cannot be cleaned must not keep the next run from starting. */
function tellUncleaned({ folder, runner: { run, command } }: LedgerRecord, error: Error): Cleaned {
  return { run, command, ended: [], left: [`${folder} (${error.message})`], ports: [], by: 'next run' }
}

/** One line for each run that was cleaned, as it is told at the start of the next one. */
export function describeReport({ runs, ports }: Report): readonly string[] {
  const lines = runs.map(({ command, ended, left, by }) => {
    const who = by === 'watchdog' ? 'its watchdog' : 'this run'
    const what = ended.length === 0 ? 'nothing of it ran any more' : `${who} ended ${ended.join(', ')}`
    const rest = left.length === 0 ? '' : `; still there: ${left.join(', ')}`
    return `a run had died (${command.slice(1).join(' ')}): ${what}${rest}`
  })
  return ports.length === 0 ? lines : [...lines, `ports of dead runs are free again: ${ports.join(', ')}`]
}

/** What watchdogs left word of since the last time. */
function takeWord(): readonly Cleaned[] {
  const folder = join(stateFolder(), 'cleaned')
  return listFolder(folder).flatMap((name) => {
    const file = join(folder, name)
    try {
      const word: Cleaned = JSON.parse(readFileSync(file, 'utf8'))
      rmSync(file, { force: true })
      return [word]
    } catch {
      // Another run has taken it, or it is being written: then it is told next time.
      return []
    }
  })
}
