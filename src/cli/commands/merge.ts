import { type Command, HELP } from '../command.ts'
import { readTelling, SCRIPT_FLAGS, TELLING_FLAGS } from '../common-flags.ts'
import { writeDurations } from '../durations.ts'
import type { Flags, Given } from '../flags.ts'
import { mergeRuns } from '../merge.ts'
import { reportAgain } from '../report-again.ts'

const { results } = SCRIPT_FLAGS
const FLAGS: Flags = {
  durations: {
    value: 'FILE',
    about: 'write down how long each script took: for --shard of the next run',
  },
  ...(results === undefined ? {} : { results }),
  ...TELLING_FLAGS,
  ...HELP,
}

/** `shakedown merge`: one run, and its reports, of several. */
export const command: Command = {
  usage: 'merge <runs…>',
  about: `Makes one run of several shards, with every report of it, and exits as the weightiest of them did. A shard that is missing
fails it. Runs are named by their folders, or by folders that have them somewhere below.`,
  flags: FLAGS,
  examples: [
    ['shakedown merge shards', 'all runs below shards/, as CI has collected them'],
    ['shakedown merge shards --durations durations.json', 'and keeps how long each script took'],
  ],
  run,
}

async function run(given: Given): Promise<number> {
  const telling = readTelling(given)
  const { folder, exit } = await mergeRuns(given.words, given.value('results'))
  await reportAgain([folder], telling)
  const file = given.value('durations')
  if (file !== undefined) await writeDurations(file, folder)
  return exit
}
