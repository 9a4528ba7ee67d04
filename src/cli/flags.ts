import { parseArgs } from 'node:util'
import { UsageError } from '../error.ts'
import { didYouMean } from '../nearest.ts'

/** A flag as data: what `--help` says about it, and how it is read. */
export interface Flag {
  readonly about: string
  /** The name of its value in `--help`; a flag without one is a switch. */
  readonly value?: string
  readonly short?: string
  /** A switch that may be followed by one of these: `--doubt=all`. */
  readonly words?: readonly string[]
  /** May be given more than once. */
  readonly many?: boolean
}

/** The flags of a command, by name without the dashes, in the order of `--help`. */
export type Flags = Readonly<Record<string, Flag>>

/** What was given on a command line, checked against the flags. */
export interface Given {
  has(name: string): boolean
  value(name: string): string | undefined
  values(name: string): readonly string[]
  /** Everything that is not a flag. */
  readonly words: readonly string[]
}

/** Reads a command line strictly; throws a UsageError with the nearest flag for one that does not exist. */
export function readFlags(args: readonly string[], flags: Flags): Given {
  const { tokens } = parseArgs({
    args: [...args],
    options: toOptions(flags),
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  const given = new Map<string, string[]>()
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined
    if (flag === undefined) throw refuseUnknown(token.rawName, flags)
    checkValue(token, flag)
    if (given.has(token.name) && flag.value !== undefined && flag.many !== true)
      throw new UsageError(`${token.rawName} is given twice`)
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? ''])
  }
  return {
    has: (name) => given.has(name),
    value: (name) => given.get(name)?.at(-1),
    values: (name) => given.get(name) ?? [],
    words,
  }
}

/** The flags as `--help` lists them, aligned. */
export function showFlags(flags: Flags): string {
  const rows = Object.entries(flags).map(([name, flag]) => {
    const short = flag.short === undefined ? '' : `-${flag.short}, `
    return [`${short}--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`, flag.about] as const
  })
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, about]) => `  ${left.padEnd(width)}  ${about}`).join('\n')
}

function toOptions(flags: Flags) {
  const entries = Object.entries(flags).map(([name, { value, short }]) => {
    const type = value === undefined ? ('boolean' as const) : ('string' as const)
    return [name, { type, multiple: true, ...(short === undefined ? {} : { short }) }] as const
  })
  return Object.fromEntries(entries)
}

interface Token {
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

/** `--only --quick` has forgotten a value, `--only=--quick` has one. */
function checkValue({ rawName: raw, value, inlineValue }: Token, flag: Flag): void {
  if (flag.value === undefined && value !== undefined && flag.words?.includes(value) !== true)
    throw new UsageError(
      `${raw} takes ${flag.words === undefined ? 'no value' : `none but ${flag.words.join(', ')}`}`,
      {
        last: `${raw}=${value}`,
      },
    )
  if (flag.value === undefined) return
  if (value === undefined || value === '' || (inlineValue !== true && value.startsWith('--'))) {
    throw new UsageError(`${raw} needs a value`, { expected: `${raw} ${flag.value}` })
  }
}

function refuseUnknown(raw: string, flags: Flags): UsageError {
  const known = Object.keys(flags).map((name) => `--${name}`)
  return new UsageError(`unknown flag: ${raw}`, { hint: [didYouMean(raw, known), 'see --help'] })
}
