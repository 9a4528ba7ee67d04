import { ShakedownError } from '../error.ts'

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
  throw new Skip(reason)
}
