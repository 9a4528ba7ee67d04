import { type Command, HELP } from '../command.ts'
import { readTelling, TELLING_FLAGS } from '../common-flags.ts'
import { reportAgain } from '../report-again.ts'

/** `shakedown report`: a run once more, from its log. */
export const command: Command = {
  usage: 'report [run]',
  about:
    'Tells a run once more from its events.ndjson, and writes its reports anew: also of one that was killed, or joined of several. Without a name the latest.',
  flags: { ...TELLING_FLAGS, ...HELP },
  examples: [
    ['shakedown report', 'the latest run'],
    ['shakedown report results/latest --reporter agent', 'a run by its folder, in a few words'],
  ],
  run: (given) => reportAgain(given.words, readTelling(given)),
}
