import { UsageError } from '../error.ts'
import { checkModes, readCount, readTelling, readTimeout } from './common-flags.ts'
import { readDoubt } from './doubt-flags.ts'
import type { Given } from './flags.ts'

/** How often, how many at a time, and how long. */
export interface Limits {
  readonly times: number
  readonly workers: number | undefined
  /** Of the whole run, in milliseconds. */
  readonly timeout: number | undefined
}

/** Checks the values of the flags: before anything is looked at or started. */
export function readLimits(given: Given): Limits {
  checkModes(given)
  readTelling(given)
  readDoubt(given)
  return {
    times: readTimes(given),
    workers: readCount(given, 'workers'),
    timeout: readTimeout(given),
  }
}

function readTimes(given: Given): number {
  const times = readCount(given, 'repeat')
  if (!given.has('until-fail')) return times ?? 1
  if (times === undefined) return Number.POSITIVE_INFINITY
  throw new UsageError('--repeat and --until-fail do not go together', { hint: 'choose one' })
}
