import { PreflightError } from '../../error.ts'
import { system } from './system.ts'

/** Throws a PreflightError where the system shows no processes although it could: nothing could be known of what a run leaves. */
export function requireTable(): void {
  if (system.name === 'windows' || system.table.read(process.pid) !== undefined) return
  throw new PreflightError(
    'the table of processes cannot be read, so that nobody could say what a service leaves behind',
    {
      last: system.name === 'linux' ? '/proc is not mounted' : '`ps` does not say who this process is',
      hint: system.name === 'linux' ? 'mount it: mount -t proc proc /proc' : 'see what ps -p $$ says',
    },
  )
}
