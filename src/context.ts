import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallSite } from './call-site.ts'

/** Something that a step must have done with before it ends: an expectation to await, a request to send. */
export interface Debt {
  /** What is wrong if it is never settled, as the title of a failure. */
  readonly title: string
  readonly hint: string
  readonly at: CallSite | undefined
  settled(): boolean
}

/** The running scenario or step, as what runs inside of it sees it. */
export interface Context {
  readonly scenario: string
  readonly step?: string | undefined
  /** The known finding whose promise is being claimed: what fails in it was expected to. */
  readonly finding?: string | undefined
  /** Aborts when the scenario is over: failed, timed out, interrupted. */
  readonly signal: AbortSignal
  /** Registers a teardown; the last registered is the first to be run, siblings of one `group` run together. */
  own(what: string, teardown: Teardown): void
  owe(debt: Debt): void
  /** Counts a claim that was made. A scenario without one fails. */
  countClaim(): void
  /** Fails the scenario at once, from outside of its own code: a service died. */
  fail(error: Error): void
  /** A folder of the scenario, gone afterwards unless it failed. */
  workdir(): string
}

/** Undoes one thing; the signal says that the time for it is over. */
export type Teardown = (signal: AbortSignal) => Promise<void>

const storage = new AsyncLocalStorage<Context>()

/** The scenario or step that the caller runs in; undefined in a plain script or another test runner. */
export function currentContext(): Context | undefined {
  return storage.getStore()
}

/** Runs `act` inside of a scenario or step. */
export function runInContext<T>(context: Context, act: () => T): T {
  return storage.run(context, act)
}

/** Runs `act` as if no scenario were running, also what it does later. */
export function runOutOfContext<T>(act: () => T): T {
  return storage.exit(act)
}
