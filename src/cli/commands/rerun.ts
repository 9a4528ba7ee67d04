import { UsageError } from '../../error.ts'
import type { Command } from '../command.ts'
import type { Flags, Given } from '../flags.ts'
import { readLastFailed } from '../last-failed.ts'
import { readLimits } from '../limits.ts'
import { planAmong } from '../plan.ts'
import { checkRunFlags, RUN_FLAGS } from '../run-flags.ts'
import { runPlan } from './run.ts'

const { 'last-failed': _, shard: __, durations: ___, ...flags } = RUN_FLAGS
const FLAGS: Flags = flags

/** `shakedown rerun`: what failed, once more. */
export const command: Command = {
  usage: 'rerun [run]',
  about:
    'Runs again what failed in a run, or did not come to its end, in the mode of that run. Without a name the latest.',
  flags: FLAGS,
  examples: [
    ['shakedown rerun', 'what failed last'],
    ['shakedown rerun results/latest --verbose', 'of a run by its folder, with everything that is said'],
  ],
  run,
}

async function run(given: Given): Promise<number> {
  readLimits(given)
  const [word, ...more] = given.words
  if (more.length > 0)
    throw new UsageError('one run at a time', {
      last: given.words.join(' '),
      hint: 'to run some of its scripts again: shakedown run <scripts> --last-failed',
    })
  const plan = await planAmong([], given, await readLastFailed(given.value('results'), word))
  checkRunFlags(given, plan.scripts)
  return runPlan(plan, given)
}
