import type { Teardown } from './context.ts'
import { ShakedownError, toError } from './error.ts'
import { raceAbort } from './wait/poll.ts'

/** A teardown that failed: what it was to undo, and why it could not. */
export interface CleanupError {
  readonly what: string
  readonly error: Error
}

/** Owns teardowns: registered before the thing is started, run in reverse, each once, within one budget. */
export class Scope {
  readonly #owned: { readonly what: string; readonly teardown: Teardown }[] = []
  #unwinding: Promise<readonly CleanupError[]> | undefined

  /** Registers a teardown; throws once the scope is unwinding, because nobody would run it. */
  own(what: string, teardown: Teardown): void {
    if (this.#unwinding !== undefined) {
      throw new ShakedownError('failed', `${what} was started while everything was being stopped`)
    }
    this.#owned.push({ what, teardown })
  }

  /** Undoes everything, the last first, at most once; a teardown that fails or hangs never keeps the others from running. */
  unwind(budget: number): Promise<readonly CleanupError[]> {
    this.#unwinding ??= this.#undoAll(budget)
    return this.#unwinding
  }

  async #undoAll(budget: number): Promise<readonly CleanupError[]> {
    const over = AbortSignal.timeout(budget)
    const errors: CleanupError[] = []
    for (const { what, teardown } of this.#owned.toReversed()) {
      try {
        await raceAbort(teardown(over), over)
      } catch (thrown) {
        const hung = over.aborted && thrown === over.reason
        errors.push({ what, error: hung ? tellHung(what, budget) : toError(thrown) })
      }
    }
    return errors
  }
}

function tellHung(what: string, budget: number): Error {
  return new ShakedownError(
    'leak',
    `${what} was not undone within the ${budget / 1000}s that the teardown has`,
  )
}
