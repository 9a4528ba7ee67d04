import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../error.ts'
import { readEvents } from '../report/read.ts'
import { EXIT } from '../run/exit.ts'
import { type ConsoleWishes, openConsole } from './console.ts'
import { findRun } from './find-run.ts'
import { writeReports } from './reports.ts'

/**
 * Tells a run once more from its event log, and writes its reports anew: of one that was killed, too, and of logs that were
 * joined. Throws a UsageError for what is no run.
 */
export async function reportAgain(words: readonly string[], wishes: ConsoleWishes): Promise<number> {
  const [word, ...more] = words
  if (more.length > 0)
    throw new UsageError('one run at a time', {
      last: words.join(' '),
      hint: `one of several: shakedown merge ${words.join(' ')}`,
    })
  const run = realpathSync(findRun(word))
  const console = openConsole(wishes)
  for await (const event of readEvents(join(run, 'events.ndjson'))) console.hear(event)
  await console.finish()
  await writeReports(run)
  return EXIT.passed
}
