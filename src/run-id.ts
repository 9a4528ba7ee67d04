import { randomBytes } from 'node:crypto'

/** The variable that marks every process of a run; nested runs append theirs: `outer:inner`. */
export const RUN_VARIABLE = 'SHAKEDOWN_RUN'

/** The id of what this process starts: 128 bits, so that it is nobody else's. */
export const runId: string = randomBytes(16).toString('hex')

/** What `SHAKEDOWN_RUN` says in the environment of everything that this process starts. */
export const runMark: string = [...markIn(process.env[RUN_VARIABLE]), runId].join(':')

/** The run ids in a value of `SHAKEDOWN_RUN`, the outermost first. */
export function markIn(value: string | undefined): readonly string[] {
  return (value ?? '').split(':').filter((id) => /^[0-9a-f]{32}$/.test(id))
}
