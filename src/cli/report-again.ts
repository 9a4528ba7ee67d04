import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../error.ts'
import { readEvents } from '../report/read.ts'
import { EXIT } from '../run/exit.ts'
import { type ConsoleWishes, openConsole } from './console.ts'
import { writeReports } from './reports.ts'

const LATEST = 'results/latest'

/** Tells a run once more from its event log, and writes its reports anew. Throws a UsageError for a folder that has no log. */
export async function reportAgain(folders: readonly string[], wishes: ConsoleWishes): Promise<number> {
  const [folder = LATEST, ...more] = folders
  if (more.length > 0) throw new UsageError('one run at a time', { last: folders.join(' ') })
  if (!existsSync(join(folder, 'events.ndjson')))
    throw new UsageError(`${folder} is not the folder of a run`, {
      hint: 'it has events.ndjson in it, as those below results/ have',
    })
  const run = realpathSync(folder)
  const console = openConsole(wishes)
  for await (const event of readEvents(join(run, 'events.ndjson'))) console.hear(event)
  await console.finish()
  await writeReports(run)
  return EXIT.passed
}
