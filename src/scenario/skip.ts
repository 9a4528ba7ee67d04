import { ShakedownError, UsageError } from '../error.ts'

/** Ends a scenario or step without a verdict: counted and shown with its reason, never silent. */
export class Skip extends ShakedownError {
  readonly reason: string

  constructor(reason: string) {
    super('failed', `skipped: ${reason}`)
    this.name = 'Skip'
    this.reason = reason
  }
}

/** Skips the rest of the running step or scenario: visible, counted, and a failure in a strict mode unless allowed. */
export function skip(reason: string): never {
  if (reason.trim() === '') throw new UsageError('skip() without a reason', { hint: "skip('no GPU here')" })
  throw new Skip(reason)
}

const reasons = new Map<string, string[]>()

/** Remembers that something in the scenario was left out. */
export function noteSkip(scenario: string, reason: string): void {
  reasons.set(scenario, [...(reasons.get(scenario) ?? []), reason])
}

/** Why parts of the scenario were left out, each reason once. */
export function skipsIn(scenario: string): readonly string[] {
  return [...new Set(reasons.get(scenario))]
}
