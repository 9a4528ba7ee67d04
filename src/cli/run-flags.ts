import { UsageError } from '../error.ts'
import { COMMON_FLAGS } from './common-flags.ts'
import type { Flags, Given } from './flags.ts'

const { list, help, version: _, workers: __, ...common } = COMMON_FLAGS

/** The flags of `shakedown run`. */
export const RUN_FLAGS: Flags = {
  ...common,
  workers: { value: 'N', about: 'so many scripts at a time (a processor each, at least 2)' },
  'until-fail': { about: 'run everything again and again, until something fails' },
  bail: { about: 'start no further script after one that failed' },
  'last-failed': { about: 'only what failed in the last run, or did not come to its end there' },
  shard: {
    value: 'I/N',
    about: 'only part I of N, for machines side by side; shakedown merge makes one run of them',
  },
  durations: {
    value: 'FILE',
    about: 'with --shard: balance by how long scripts took, as shakedown merge wrote it down',
  },
  inspect: { about: 'wait for a debugger at the first line of the script; nothing takes too long then' },
  ...(list === undefined ? {} : { list }),
  ...(help === undefined ? {} : { help }),
}

/** Throws a UsageError for flags of a run that make no sense together, or here. */
export function checkRunFlags(given: Given, scripts: readonly string[]): void {
  const { CI = '' } = process.env
  if (given.has('only') && CI !== '' && CI !== '0' && CI !== 'false')
    throw new UsageError('--only is for people: CI looks at everything', {
      last: `--only ${given.value('only')}, and CI=${CI}`,
      hint: 'choose by --tag, or name fewer scripts',
    })
  if (given.has('inspect') && scripts.length !== 1)
    throw new UsageError(`--inspect is for one script, not for ${scripts.length}`, {
      hint: `name one: shakedown run ${scripts[0] ?? 'e2e/x.mts'} --inspect`,
    })
}
