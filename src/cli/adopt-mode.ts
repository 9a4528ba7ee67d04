import { join } from 'node:path'
import { readEvents } from '../report/read.ts'
import { findRun } from './find-run.ts'

/**
 * What runs again runs in the mode of that time, unless a flag or the environment names another. Before anything reads the
 * mode of this process. Throws a UsageError for what is no run.
 */
export async function adoptModeOfRun(args: readonly string[]): Promise<void> {
  const isNamed = args.some((arg) => ['--quick', '--full', '--ci', '--help', '-h'].includes(arg))
  if (isNamed || process.env['SHAKEDOWN_MODE'] !== undefined) return
  const flag = args.indexOf('--results')
  const results = flag < 0 ? undefined : args[flag + 1]
  const [word] = args.filter((arg, index) => !arg.startsWith('-') && args[index - 1] !== '--results')
  for await (const event of readEvents(join(findRun(word, results), 'events.ndjson'))) {
    if (event.kind === 'run:start') process.env['SHAKEDOWN_MODE'] = String(event.mode['name'] ?? 'full')
    return
  }
}
