import type { ErrorCode } from '../error.ts'
import type { Event, EventOf } from '../event.ts'
import { exitCodeAfter, interruptedBy } from '../interrupt.ts'
import { causeOf, EXIT, exitCodeFor, isInterruption, weightOf } from './exit.ts'

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

/** What counts as wrong in a run. */
export interface OutcomeOptions {
  /** A skip that is not `allowed` (a part of its name or reason) is a failure. */
  readonly strict: boolean
  readonly allowed: readonly string[]
  /** That no scenario ran is nobody's fault: somebody else looks at that. */
  readonly mayBeEmpty?: boolean
  /** A scenario that was told again is a failure, whatever it came to. */
  readonly failOnFlaky?: boolean
}

interface Cause {
  readonly cause: ErrorCode
  readonly why: string
  readonly script: string
}

/** Starts with nothing wrong. */
export function createOutcome(options: OutcomeOptions): Outcome {
  const told: Cause[] = []
  const skips: string[] = []
  let stories = 0
  let interruption: number | undefined

  const add = (cause: ErrorCode, why: string, script = '') => {
    told.push({ cause, why, script })
  }
  const skip = (what: string, reason: string) => {
    skips.push(`${what}: ${reason}`)
    const isAllowed = options.allowed.some((text) => what.includes(text) || reason.includes(text))
    if (options.strict && !isAllowed) add('failed', `skipped without being allowed to: ${what} (${reason})`)
  }
  /** A script that ended as its scenarios say adds nothing; what it says only with its exit code is added. */
  const endScript = ({ file, code, signal, outcome }: EventOf<'script:end'>) => {
    const known = told.some(({ script }) => script === file)
    if (code !== null && isInterruption(code)) interruption ??= code
    if (code === EXIT.skipped && !known) {
      stories += 1
      skip(file, 'it ended with exit code 77')
    }
    const cause = code === null ? undefined : causeOf(code)
    if (cause !== undefined && !known) add(cause, `${file} ended with exit code ${code}`, file)
    // Told to stop before it could listen: the run says why.
    if (signal !== null && outcome !== 'interrupted') add('failed', `${file} was ended by ${signal}`, file)
  }
  const all = () => {
    const isEmpty = stories === 0 && told.length === 0 && interruptedBy() === undefined
    if (isEmpty && options.mayBeEmpty !== true) return [{ cause: 'usage', why: 'no scenario ran' } as const]
    return told.toSorted((one, other) => weightOf(one.cause) - weightOf(other.cause))
  }

  return {
    add,
    hear(event) {
      const { script } = event
      if (event.kind === 'scenario:end' && event.retried === true) {
        if (options.failOnFlaky === true)
          add('failed', `flaky: ${event.title}: ${event.error?.title}`, script)
      } else if (event.kind === 'scenario:end') {
        stories += 1
        if (event.outcome === 'skipped') skip(event.title, event.reason ?? '')
        for (const error of [event.error ?? [], event.more].flat())
          add(error.code, `${event.title}: ${error.title}`, script)
      }
      if (event.kind === 'skip') skip(event.what, event.reason)
      if (event.kind === 'teardown:error') add(event.error.code, event.error.title, script)
      if (event.kind === 'leak') add('leak', `left behind: ${event.what} ${event.detail}`, script)
      if (event.kind === 'script:end') endScript(event)
    },
    get exit() {
      const signal = interruptedBy()
      if (signal !== undefined) return exitCodeAfter(signal)
      return exitCodeFor(
        all().map(({ cause }) => cause),
        interruption,
      )
    },
    get causes() {
      return all().map(({ cause, why }) => `${cause}: ${why}`)
    },
    get skips() {
      return skips
    },
  }
}
