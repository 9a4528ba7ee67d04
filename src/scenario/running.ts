import { currentContext } from '../context.ts'

/** A scenario that is being told, as those see it who end it from outside of its own code. */
export interface Telling {
  readonly id: string
  readonly title: string
  fail(error: Error): void
  /** Tells its end at once, without a teardown: the process is ending. */
  endNow(error: Error): void
}

const tellings = new Set<Telling>()

/** Notes that a scenario is being told; the answer takes it back, when only its teardown is left. */
export function noteTelling(telling: Telling): () => void {
  tellings.add(telling)
  return () => tellings.delete(telling)
}

/** The scenarios that are being told now. */
export function tellingNow(): readonly Telling[] {
  return [...tellings]
}

/** Fails the scenario that an error escaped from, or all that run when nobody knows; false when there is none. */
export function failRunning(error: Error): boolean {
  const here = currentContext()?.scenario
  const known = tellingNow().filter(({ id }) => id === here)
  const met = known.length > 0 ? known : tellingNow()
  for (const telling of met) telling.fail(error)
  return met.length > 0
}
