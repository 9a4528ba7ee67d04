import { inspect } from 'node:util'

/** Why something ended the way it did; each has its exit code in `src/run/exit.ts`. */
export type ErrorCode =
  | 'failed' // a claim did not hold, a service died, a step threw
  | 'usage' // the script or the command line is wrong
  | 'preflight' // the machine lacks something, or a port is taken
  | 'leak' // something was left behind
  | 'threshold' // a load crossed its threshold
  | 'deadline' // a scenario or the run took too long
  | 'interrupted' // Ctrl-C, SIGTERM, SIGHUP

/** What an error tells: the one format of the project, printed by `tell`. */
export interface Story {
  readonly expected?: string
  readonly last?: string
  readonly waited?: string
  /** `file:line` in the user's script. */
  readonly at?: string
  readonly hint?: string | readonly string[]
  /** The last log lines of the services involved. */
  readonly log?: readonly string[]
}

/** The base of every error that the project throws on purpose. Its `message` is the whole story, its `title` the first line. */
export class ShakedownError extends Error {
  // Private, so that other test runners do not print again what the message says.
  readonly #code: ErrorCode
  readonly #title: string
  readonly #story: Story

  constructor(code: ErrorCode, title: string, story: Story & { readonly cause?: unknown } = {}) {
    const { cause, ...rest } = story
    super(tell(title, rest), cause === undefined ? {} : { cause })
    this.name = 'ShakedownError'
    this.#code = code
    this.#title = title
    this.#story = rest
  }

  get code(): ErrorCode {
    return this.#code
  }

  get title(): string {
    return this.#title
  }

  get story(): Story {
    return this.#story
  }
}

/** A claim that did not hold, or a service that did not do what it must. */
export class Failure extends ShakedownError {
  constructor(title: string, story: Story & { readonly cause?: unknown } = {}) {
    super('failed', title, story)
    this.name = 'Failure'
  }
}

/** A mistake in the script or on the command line: never retried, and never mistaken for a failed claim. */
export class UsageError extends ShakedownError {
  constructor(title: string, story: Story & { readonly cause?: unknown } = {}) {
    super('usage', title, story)
    this.name = 'UsageError'
  }
}

/** Something that the machine lacks, found before anything is started. */
export class PreflightError extends ShakedownError {
  constructor(title: string, story: Story & { readonly cause?: unknown } = {}) {
    super('preflight', title, story)
    this.name = 'PreflightError'
  }
}

/** The one error format: the title, then aligned lines for what is known. */
export function tell(title: string, story: Story): string {
  const lines = [title]
  for (const key of ['expected', 'last', 'waited', 'at'] as const) {
    const text = story[key]
    if (text !== undefined) lines.push(line(key, text))
  }
  for (const hint of [story.hint ?? []].flat()) lines.push(line('hint', hint))
  const [first, ...more] = story.log ?? []
  if (first !== undefined) lines.push(line('log', first), ...more.map((text) => line('', text)))
  return lines.join('\n')
}

/** Any thrown value as an Error, so that a `throw 'text'` keeps its text. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  return new Error(typeof thrown === 'string' ? thrown : `thrown: ${inspect(thrown, { depth: 2 })}`)
}

/** The first line of an error: what a list of causes shows. */
export function titleOf(error: Error): string {
  const title = error instanceof ShakedownError ? error.title : `${error.name}: ${error.message}`
  return title.split('\n', 1)[0] ?? title
}

function line(key: string, text: string): string {
  const [first = '', ...rest] = text.split('\n')
  return [`  ${key.padEnd(9)} ${first}`, ...rest.map((more) => `${' '.repeat(12)}${more}`)].join('\n')
}
