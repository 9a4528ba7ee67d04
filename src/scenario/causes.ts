import { Failure, toError } from '../error.ts'

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

/** The reason of a signal that was aborted; what somebody else aborted without one says at least that. */
export function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Failure('broken off')
}
