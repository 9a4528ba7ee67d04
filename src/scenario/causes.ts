import { formatDuration } from '../duration.ts'
import { Failure, ShakedownError, toError } from '../error.ts'
import type { Interruption } from '../interrupt.ts'

/**
 * Everything that went wrong, the first thing first. `await using` wraps what a disposal throws around the error of its
 * block: the block's comes first.
 */
export function causesIn(thrown: unknown): readonly [Error, ...Error[]] {
  if (!(thrown instanceof SuppressedError)) return [toError(thrown)]
  return [...causesIn(thrown.suppressed), ...causesIn(thrown.error)]
}

/** One error that stands for all of them, for `causesIn` to take apart again: the only one itself, where it is only one. */
export function joinCauses([first, ...more]: readonly [Error, ...Error[]]): Error {
  return more.reduce((inner, later) => new SuppressedError(later, inner, inner.message), first)
}

const told = new WeakSet<Error>()

/** The reason with which everything that a story left behind is broken off when the story itself has ended. */
export function createOver(what: string): Error {
  const error = new Failure(`${what} is over`)
  told.add(error)
  return error
}

/** Remembers that a scenario has failed with this error. */
export function noteTold(error: Error): void {
  told.add(error)
}

/**
 * True for what a scenario has failed with, or was broken off with at its end or by an interruption, which tells itself:
 * nobody has to be told again.
 */
export function isTold(error: Error): boolean {
  const [first] = causesIn(error)
  return told.has(first) || (first instanceof ShakedownError && first.code === 'interrupted')
}

/** The reason of a signal that was aborted; what somebody else aborted without one says at least that. */
export function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Failure('broken off')
}

/** Why a scenario was broken off that a signal ended. */
export function toInterruption(signal: Interruption): ShakedownError {
  if (signal !== 'SIGALRM') return new ShakedownError('interrupted', `interrupted by ${signal}`)
  return new ShakedownError('deadline', 'the time of the whole run was up', {
    hint: 'give it more: --timeout 10m',
  })
}

interface Timed {
  readonly title: string
  readonly at: string | undefined
  readonly timeout: number
}

/** Why a scenario was broken off that took too long. `timeout` in milliseconds. */
export function createTimeout({ title, at, timeout }: Timed): ShakedownError {
  return new ShakedownError('deadline', `${title} took longer than ${formatDuration(timeout)}`, {
    ...(at === undefined ? {} : { at }),
    hint: 'give it more: scenario(title, { timeout: … }), or see in the steps above what it waited for',
  })
}
