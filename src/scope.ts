import type { Teardown } from './context.ts'
import { formatDuration } from './duration.ts'
import { ShakedownError, toError } from './error.ts'
import { raceAbort } from './wait/poll.ts'

/** A teardown that failed: what it was to undo, and why it could not. */
export interface CleanupError {
  readonly what: string
  readonly error: Error
}

/** What every teardown gets when the budget is used up: enough to end by force what it owns. In milliseconds. */
const LAST_CHANCE = 2000

/** Owns teardowns: registered before the thing is started, run in reverse, each once, within one budget. */
export class Scope {
  readonly #owned: { readonly what: string; readonly teardown: Teardown }[] = []
  #isOver = false
  #unwinding: Promise<readonly CleanupError[]> | undefined

  /** Registers a teardown; throws once the scope is unwinding, because nobody would run it. */
  own(what: string, teardown: Teardown): void {
    if (this.#isOver) {
      throw new ShakedownError('failed', `${what} was started while everything was being stopped`)
    }
    this.#owned.push({ what, teardown })
  }

  /**
   * Undoes everything, the last first, at most once. A teardown that fails or hangs never keeps the others from running;
   * after so many milliseconds the signal that each of them gets is aborted, and none is waited for any longer than that.
   */
  unwind(budget: number): Promise<readonly CleanupError[]> {
    this.#isOver = true
    this.#unwinding ??= this.#undoAll(budget)
    return this.#unwinding
  }

  async #undoAll(budget: number): Promise<readonly CleanupError[]> {
    const [late, over] = [new AbortController(), new AbortController()]
    // Timers, not AbortSignal.timeout: what hangs must not let the process come to its end.
    const timers = [
      setTimeout(() => late.abort(), budget),
      setTimeout(() => over.abort(), budget + LAST_CHANCE),
    ]
    const ends: Promise<CleanupError | undefined>[] = []
    for (const { what, teardown } of this.#owned.toReversed()) {
      const end = undo({ what, teardown, budget }, late.signal, over.signal)
      ends.push(end)
      // One after the other while there is time; then all that are left at once.
      await raceAbort(end, late.signal).catch(() => {})
    }
    const errors = await Promise.all(ends)
    for (const timer of timers) clearTimeout(timer)
    return errors.filter((error) => error !== undefined)
  }
}

interface Undoing {
  readonly what: string
  readonly teardown: Teardown
  readonly budget: number
}

/** Runs a teardown, tells it when time is up, and gives it a last chance to end by force what it owns. Never rejects. */
async function undo(
  { what, teardown, budget }: Undoing,
  late: AbortSignal,
  over: AbortSignal,
): Promise<CleanupError | undefined> {
  const hadTime = !late.aborted
  const hurry = new AbortController()
  const work = (async () => teardown(hurry.signal))()
  if (late.aborted) hurry.abort()
  late.addEventListener('abort', () => hurry.abort(), { once: true })
  try {
    await raceAbort(work, over)
    return hadTime && late.aborted ? { what, error: tellForced(what, budget) } : undefined
  } catch (thrown) {
    if (over.aborted) return { what, error: tellHung(what, budget) }
    return { what, error: hadTime && late.aborted ? tellForced(what, budget) : toError(thrown) }
  }
}

function tellForced(what: string, budget: number): Error {
  return new ShakedownError('failed', `${what} was not undone within ${formatDuration(budget)}`, {
    hint: 'it was ended by force; where it needs longer: scenario(title, { teardown: … }, …)',
  })
}

function tellHung(what: string, budget: number): Error {
  return new ShakedownError('leak', `${what} was not undone within ${formatDuration(budget)}`, {
    last: 'it did not end by force either',
    hint: 'something of it may still be there',
  })
}
