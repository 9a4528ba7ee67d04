import { tellErrors } from '../src/cli/errors.ts'
import { type Flags, type Given, readFlags, showFlags } from '../src/cli/flags.ts'
import { UsageError } from '../src/error.ts'

/** How a script of the project is called. */
export interface Usage {
  /** `scripts/test.mts [flags] [part of a path...]`. */
  readonly usage: string
  /** What it does, in a sentence or two. */
  readonly about: string
  readonly flags: Flags
  /** It takes words that are no flags. */
  readonly takesWords?: true
}

/**
 * Runs a script: its flags are checked before anything begins, `--help` says what they are, and an error is told in the one
 * format, as the exit code that goes with it.
 */
export async function runMain(usage: Usage, act: (given: Given) => Promise<number>): Promise<void> {
  const flags = { ...usage.flags, help: { short: 'h', about: 'this text' } }
  process.exitCode = await tellErrors(async () => {
    const given = readFlags(process.argv.slice(2), flags)
    if (given.has('help')) {
      process.stdout.write(`${usage.about}\n\nusage: ${usage.usage}\n\n${showFlags(flags)}\n`)
      return 0
    }
    const [word] = given.words
    if (word !== undefined && usage.takesWords !== true)
      throw new UsageError(`what is ${word}?`, { hint: `usage: ${usage.usage}` })
    return act(given)
  })
}

/** A number from 1 on that was given, or the one for when none was; throws a UsageError for anything else. */
export function readNumber(given: Given, name: string, otherwise: number): number {
  const text = given.value(name)
  if (text === undefined) return otherwise
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new UsageError(`--${name} wants a number: ${text}`)
}
