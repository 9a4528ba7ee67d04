import { UsageError } from '../error.ts'
import type { Flags, Given } from './flags.ts'

/** The flags of a run that doubts its own checks. */
export const DOUBT_FLAGS: Flags = {
  doubt: {
    about:
      'run again with one reading falsified at a time: does anything notice? --doubt=all: each in every way',
    words: ['all'],
  },
  min: { value: 'PERCENT', about: 'with --doubt: exit 1 where fewer of them are noticed' },
}

/** How a run is doubted. */
export interface DoubtWish {
  readonly depth: 'one' | 'all'
  /** In percent. */
  readonly min: number | undefined
}

/** How the run is to be doubted, if it is; throws a UsageError for flags that make no sense. */
export function readDoubt(given: Given): DoubtWish | undefined {
  const text = given.value('min')
  const min = text === undefined ? undefined : Number(text)
  if (min !== undefined && !(min >= 0 && min <= 100))
    throw new UsageError(`--min ${text}`, { expected: 'percent: 0 to 100' })
  if (!given.has('doubt')) {
    if (min === undefined) return undefined
    throw new UsageError('--min is for --doubt', { hint: 'give both, or none' })
  }
  if (given.has('keep')) throw new UsageError('--doubt and --keep do not go together', { hint: 'choose one' })
  return { depth: given.value('doubt') === 'all' ? 'all' : 'one', min }
}
