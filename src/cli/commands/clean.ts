import { UsageError } from '../../error.ts'
import { cleanUp, tellLeftovers } from '../clean.ts'
import { type Command, HELP, print } from '../command.ts'
import type { Given } from '../flags.ts'

/** `shakedown clean`: what dead runs left. */
export const command: Command = {
  usage: 'clean',
  about: `Ends the processes and removes the folders that dead runs of this user have left: by run id, pid, start time and boot,
never by name. A run that is under way is not touched, and neither are results.`,
  flags: { 'dry-run': { about: 'only say what would be ended and removed' }, ...HELP },
  examples: [
    ['shakedown clean --dry-run', 'what is there'],
    ['shakedown clean', 'and away with it'],
  ],
  run,
}

async function run(given: Given): Promise<number> {
  const [word] = given.words
  if (word !== undefined)
    throw new UsageError(`not understood: ${word}`, { hint: 'shakedown clean takes no words' })
  if (!given.has('dry-run')) return cleanUp(print)
  tellLeftovers(print)
  return 0
}
