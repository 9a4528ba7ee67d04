import { availableParallelism, loadavg } from 'node:os'
import {
  type DurationText,
  isDuration,
  isPeriod,
  milliseconds,
  type Period,
  period,
  type Rate,
  toPeriod,
} from './duration.ts'
import { UsageError } from './error.ts'
import { didYouMean } from './nearest.ts'

const { argv, env } = process

/**
 * How much a run looks at, as data. It belongs to the process: flags and environment, so that the wiring can use it.
 * A project adds its own with `declare module 'shakedown' { interface Mode { … } }` and `SHAKEDOWN_MODE_…`; the same changes one
 * that is there: `SHAKEDOWN_MODE_TTL=10s`.
 */
export interface Mode extends OwnMode {}

/** What every mode has. */
export interface OwnMode {
  readonly name: ModeName
  /** The time to live with which expiry is proven. */
  readonly ttl: Period
  readonly scrapeInterval: Period
  /** How long a load lasts, and how dense it is. */
  readonly load: Period
  readonly rate: Rate
  /** The latency limit of our own scripts: that of the table, longer while the machine is busy. */
  readonly latency: DurationText
  /** How long an expectation on a reading waits when it says nothing itself. */
  readonly patience: Period
  /** How long a scenario may take when it says nothing itself. */
  readonly timeout: Period
  /** A skip that was not allowed by name fails the run. */
  readonly strict: boolean
}

/** The names of the modes, as their flags have them. */
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

const PREFIX = 'SHAKEDOWN_MODE_'

/** The modes, as one table: printed by `--help` and at the start of every run. */
export const MODES: Readonly<Record<ModeName, OwnMode>> = {
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
export function modeNamed(name: string): OwnMode {
  if (isModeName(name)) return MODES[name]
  throw new UsageError(`unknown mode: ${name}`, { hint: didYouMean(name, Object.keys(MODES)) })
}

/** A mode as plain data: durations in words. */
export function describeMode(described: OwnMode): Readonly<Record<string, string | boolean>> {
  const entries = Object.entries(described).map(([key, value]) => [
    key,
    typeof value === 'boolean' ? value : String(value),
  ])
  return Object.fromEntries(entries)
}

function readMode(): Mode {
  const flag = argv.slice(2).find((word) => word.startsWith('--') && isModeName(word.slice(2)))
  const base = modeNamed(env['SHAKEDOWN_MODE'] ?? flag?.slice(2) ?? 'full')
  // What the table has is of the kind that it has there. A machine can become busy while a run lasts.
  const changed: OwnMode = {
    ...base,
    get latency() {
      return allowForLoad(base.latency)
    },
  }
  for (const [key, value] of Object.entries(readChanges(base)))
    Object.defineProperty(changed, key, { value, enumerable: true })
  return changed as Mode // what a project adds is in its environment, of the kind that it declares
}

/** A limit of latency for a machine that is busy with something else: a false alarm helps nobody. Shown with the mode. */
function allowForLoad(latency: DurationText): DurationText {
  const waiting = (loadavg()[0] ?? 0) / availableParallelism()
  return waiting <= 1 ? latency : `${Math.ceil(waiting) * milliseconds(latency)}ms`
}

/** `SHAKEDOWN_MODE_SCRAPE_INTERVAL=5s` changes `scrapeInterval`; a name that no mode has is the project's own. */
function readChanges(base: OwnMode): Readonly<Record<string, unknown>> {
  const changes = Object.entries(env).flatMap(([variable, text]) => {
    if (!variable.startsWith(PREFIX) || text === undefined) return []
    const words = variable.slice(PREFIX.length).toLowerCase()
    const key = words.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    return key === 'name' ? [] : [[key, readValue(text, { variable, like: Reflect.get(base, key) })]]
  })
  const patience = env['SHAKEDOWN_PATIENCE']
  if (patience !== undefined) changes.push(['patience', toPeriodOf(patience, 'SHAKEDOWN_PATIENCE')])
  return Object.fromEntries(changes)
}

/** A value of the kind that the mode has there; what no mode has is a duration where the text is one. */
function readValue(text: string, { variable, like }: { variable: string; like: unknown }): unknown {
  if (isPeriod(like) || (like === undefined && isDuration(text))) return toPeriodOf(text, variable)
  if (isDuration(like)) return isDuration(text) ? text : toPeriodOf(text, variable)
  if (isRate(like) && !isRate(text))
    throw new UsageError(`${variable}=${text} is no rate`, { hint: "write it in words: '100/s', '30/m'" })
  if (typeof like !== 'boolean') return text
  if (text === '1' || text === 'true') return true
  if (text === '0' || text === 'false' || text === '') return false
  throw new UsageError(`${variable}=${text} is no yes or no`, { expected: 'true or false' })
}

function toPeriodOf(text: string, variable: string): Period {
  if (isDuration(text)) return toPeriod(text)
  throw new UsageError(`${variable}=${text} is no duration`, {
    hint: "write it in words: '250ms', '5s', '2m', '1h'",
  })
}

function isRate(text: unknown): boolean {
  return typeof text === 'string' && /^\d+(\.\d+)?\/[smh]$/.test(text)
}

function isModeName(text: string): text is ModeName {
  return Object.hasOwn(MODES, text)
}
