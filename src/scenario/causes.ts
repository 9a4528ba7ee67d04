import { Failure, ShakedownError, toError } from '../error.ts'

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
