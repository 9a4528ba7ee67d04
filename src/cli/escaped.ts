import { isMainThread } from 'node:worker_threads'
import { ShakedownError, toError } from '../error.ts'
import { exitCodeFor } from '../run/exit.ts'
import { recordError } from '../scenario/record.ts'

type Hearer = (error: Error) => boolean

const RUNNERS = ['NODE_TEST_CONTEXT', 'VITEST', 'JEST_WORKER_ID', 'TEST_WORKER_INDEX'] as const

let hear: Hearer = () => false

if (isOwnProcess()) process.on('uncaughtException', tellEscaped)

/** True where the process is a script's own: not that of another test runner, and no worker. */
export function isOwnProcess(): boolean {
  if (!isMainThread || process.argv[1] === undefined) return false
  if (RUNNERS.some((name) => process.env[name] !== undefined)) return false
  return !process.execArgv.some((flag) => flag.startsWith('--test'))
}

/** Says who hears errors that nothing in the script caught, from now on; true says that it has dealt with one. */
export function hearEscaped(hearer: Hearer): void {
  hear = hearer
}

/**
 * Tells an error that nothing caught in the one format, and ends with its exit code: a mistake in the wiring is 2 and no
 * stack of Node's. Where somebody else listens for such errors, too, it is theirs.
 */
function tellEscaped(thrown: unknown): void {
  if (process.listenerCount('uncaughtException') > 1) return
  const error = toError(thrown)
  if (hear(error)) return
  process.stderr.write(`${error instanceof ShakedownError ? recordError(error).message : stackOf(error)}\n`)
  process.exit(exitCodeOfEscaped(error))
}

/** Where it was thrown, in the script and in what it uses, without Node's own part. */
function stackOf({ stack, message }: Error): string {
  const lines = (stack ?? message).split('\n')
  return lines.filter((line) => !/^\s+at .*\(?node:/.test(line)).join('\n')
}

/** The exit code of a script that ended with this error: a Skip outside of every scenario is 77. */
export function exitCodeOfEscaped(error: Error): number {
  if (error.name === 'Skip') return 77
  return exitCodeFor([error instanceof ShakedownError ? error.code : 'failed'])
}
