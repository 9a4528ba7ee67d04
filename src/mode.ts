import { argv, env } from 'node:process'
import { type Duration, type DurationText, type Period, period, type Rate, toPeriod } from './duration.ts'
import { UsageError } from './error.ts'
import { didYouMean } from './nearest.ts'

/**
 * How much a run looks at, as data. It belongs to the process: flags and environment, so that the wiring can use it.
 * A project adds its own with `declare module 'shakedown' { interface Mode { … } }` and `SHAKEDOWN_MODE_…`.
 */
export interface Mode {
  readonly name: ModeName
  /** The time to live with which expiry is proven. */
  readonly ttl: Period
  readonly scrapeInterval: Period
  /** How long a load lasts, and how dense it is. */
  readonly load: Period
  readonly rate: Rate
  /** The latency limit of our own scripts. */
  readonly latency: DurationText
  /** How long an expectation on a reading waits when it says nothing itself. */
  readonly patience: Period
  /** How long a scenario may take when it says nothing itself. */
  readonly timeout: Period
  /** A skip that was not allowed by name fails the run. */
  readonly strict: boolean
}

export type ModeName = 'quick' | 'full' | 'ci'

const FULL = {
  ttl: period(30_000),
  scrapeInterval: period(1000),
  load: period(15_000),
  rate: '20/s',
  latency: '2s',
  patience: period(15_000),
  timeout: period(300_000),
  strict: false,
} as const

/** The modes, as one table: printed by `--help` and at the start of every run. */
export const MODES: Readonly<Record<ModeName, Mode>> = {
  quick: {
    ...FULL,
    name: 'quick',
    ttl: period(2000),
    scrapeInterval: period(100),
    load: period(1000),
    rate: '100/s',
    patience: period(10_000),
    timeout: period(120_000),
  },
  full: { ...FULL, name: 'full' },
  ci: { ...FULL, name: 'ci', strict: true },
}

/** The mode of this process: `SHAKEDOWN_MODE`, else `--quick`, `--full` or `--ci` on its command line, else full. */
export const mode: Mode = readMode()

/** The mode of that name; throws a UsageError with the nearest one. */
export function modeNamed(name: string): Mode {
  if (isModeName(name)) return MODES[name]
  throw new UsageError(`unknown mode: ${name}`, { hint: didYouMean(name, Object.keys(MODES)) })
}

/** A mode as plain data: durations in words. */
export function describeMode(described: Mode): Readonly<Record<string, string | boolean>> {
  const entries = Object.entries(described).map(([key, value]) => [
    key,
    typeof value === 'boolean' ? value : String(value),
  ])
  return Object.fromEntries(entries)
}

function readMode(): Mode {
  const flag = argv.slice(2).find((word) => word.startsWith('--') && isModeName(word.slice(2)))
  const base = modeNamed(env['SHAKEDOWN_MODE'] ?? flag?.slice(2) ?? 'full')
  const patience = env['SHAKEDOWN_PATIENCE']
  if (patience === undefined) return base
  // The text is checked by toPeriod, which throws with the right form.
  return { ...base, patience: toPeriod(patience as Duration) }
}

function isModeName(text: string): text is ModeName {
  return Object.hasOwn(MODES, text)
}
