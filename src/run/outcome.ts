import type { ErrorCode } from '../error.ts'
import type { Event } from '../event.ts'
import { exitCodeOf, interruptedBy } from '../interrupt.ts'
import { causeOf, exitCodeFor } from './exit.ts'

/** What a run comes to: folded from its events while they happen. */
export interface Outcome {
  hear(event: Event): void
  /** Adds a cause that no event tells. */
  add(cause: ErrorCode, why: string): void
  readonly exit: number
  /** Every cause in words, the weightiest first. */
  readonly causes: readonly string[]
  readonly skips: readonly string[]
}

/** Starts with nothing wrong. `strict` makes a failure of a skip that is not `allowed`. */
export function createOutcome(options: {
  readonly strict: boolean
  readonly allowed: readonly string[]
}): Outcome {
  const causes: { cause: ErrorCode; why: string }[] = []
  const skips: string[] = []
  let stories = 0
  const add = (cause: ErrorCode, why: string) => {
    causes.push({ cause, why })
  }
  const skip = (what: string, reason: string) => {
    skips.push(`${what}: ${reason}`)
    const isAllowed = options.allowed.some((text) => what.includes(text) || reason.includes(text))
    if (options.strict && !isAllowed) add('failed', `skipped without being allowed to: ${what} (${reason})`)
  }
  return {
    add,
    hear(event) {
      if (event.kind === 'scenario:end') {
        stories += 1
        if (event.outcome === 'skipped') skip(event.title, event.reason ?? '')
        for (const error of [event.error ?? [], event.more].flat())
          add(error.code, `${event.title}: ${error.title}`)
      }
      if (event.kind === 'skip') skip(event.what, event.reason)
      if (event.kind === 'teardown:error') add(event.error.code, event.error.title)
      if (event.kind === 'leak') add('leak', `left behind: ${event.what} ${event.detail}`)
      if (event.kind === 'script:end') addScriptEnd(event.file, event.code, event.signal)
    },
    get exit() {
      const interruption = interruptedBy()
      const all = causes.map(({ cause }) => cause)
      if (interruption !== undefined) return exitCodeOf(interruption)
      if (stories === 0 && all.length === 0) return exitCodeFor(['usage'])
      return exitCodeFor(all)
    },
    get causes() {
      const empty = stories === 0 && causes.length === 0 && interruptedBy() === undefined
      return empty ? ['usage: no scenario ran'] : causes.map(({ cause, why }) => `${cause}: ${why}`)
    },
    get skips() {
      return skips
    },
  }

  function addScriptEnd(file: string, code: number | null, signal: string | null): void {
    const told = causes.length
    if (signal !== null) add('failed', `${file} was ended by ${signal}`)
    const cause = code === null ? undefined : causeOf(code)
    if (cause !== undefined && told === 0) add(cause, `${file} ended with exit code ${code}`)
  }
}
