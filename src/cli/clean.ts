import { join } from 'node:path'
import { EXIT } from '../run/exit.ts'
import { familyOf, readLedgers } from '../service/ledger.ts'
import { cleanDeadRuns } from '../service/leftovers.ts'
import { findFamily } from '../service/process/family.ts'
import { isAlive } from '../service/process/identity.ts'
import { stateFolder } from '../service/state.ts'

/**
 * Ends and removes what dead runs of this user have left, by the ledgers that they wrote, and says what: a run that is under
 * way is not touched. Gives the exit code, 4 where something could not be ended.
 */
export async function cleanUp(say: (line: string) => void): Promise<number> {
  const { runs, ports } = await cleanDeadRuns()
  for (const { command, ended, left } of runs) {
    say(
      `of a run that had died (${command.join(' ')}): ended ${ended.join(', ') || 'nothing, it was all gone'}`,
    )
    for (const name of left) say(`  could not end ${name}`)
  }
  if (ports.length > 0) say(`released the ports ${ports.join(', ')}`)
  return runs.some(({ left }) => left.length > 0) ? EXIT.leak : EXIT.passed
}

/** Says what `cleanUp` would end and remove, and touches nothing. */
export function tellLeftovers(say: (line: string) => void): void {
  const dead = readLedgers(join(stateFolder(), 'runs')).filter(({ runner }) => !isAlive(runner))
  for (const record of dead) {
    const { run, command } = record.runner
    const names = findFamily(familyOf(record)).map(({ pid, name }) => `${pid} ${name}`)
    say(`of a run that has died (${command.join(' ')}, ${run}): would end ${names.join(', ') || 'nothing'}`)
    for (const folder of [record.folder, ...record.folders]) say(`  would remove ${folder}`)
  }
  if (dead.length === 0) say('no dead run has left anything')
}
