import { type Flags, type Given, showFlags } from './flags.ts'

/** A command of `shakedown`, as `--help` shows it and as it is run. */
export interface Command {
  /** What is typed, without the flags: `run [scripts, folders, globs…]`. */
  readonly usage: string
  /** What it does, in one sentence or two. */
  readonly about: string
  readonly flags: Flags
  /** Its words are scripts: where there are none, those of the project's configuration. */
  readonly takesScripts?: true
  /** Command lines with what they do; a test runs each of them. */
  readonly examples: readonly (readonly [line: string, about: string])[]
  /** What `--help` has below the flags. */
  readonly more?: string
  /** Gives the exit code; throws a UsageError for words and values that make no sense. */
  run(given: Given): Promise<number>
}

/** The flag that every command has. */
export const HELP: Flags = { help: { short: 'h', about: 'this text' } }

/** The text of `shakedown <command> --help`. */
export function showCommand({ usage, about, flags, examples, more }: Command): string {
  const width = Math.max(...examples.map(([line]) => line.length))
  return [
    `usage: shakedown ${usage} [flags]`,
    '',
    about,
    '',
    showFlags(flags),
    ...(more === undefined ? [] : ['', more]),
    '',
    'examples',
    ...examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`),
  ].join('\n')
}

/** Writes a line to stdout, and says that all is well. */
export function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}
