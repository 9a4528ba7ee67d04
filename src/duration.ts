import { UsageError } from './error.ts'

type Unit = 'ms' | 's' | 'm' | 'h'
/** A duration as text, for where it stands in a larger one: a threshold. */
export type DurationText = `${number}${Unit}`

/** A configured or measured time, for where its number is wanted: `mode.ttl.seconds`. */
export interface Period {
  readonly milliseconds: number
  readonly seconds: number
  toString(): string
}

/** A time in words (`'250ms'`, `'5s'`, `'2m'`, `'1h'`) or a Period. Never a bare number. */
export type Duration = DurationText | Period

/** How often, in words: `'100/s'`, `'30/m'`. */
export type Rate = `${number}/${'s' | 'm' | 'h'}`

const MILLISECONDS: Readonly<Record<Unit, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/
const RATE = /^(\d+(?:\.\d+)?)\/(s|m|h)$/

/** The Period of so many milliseconds. */
export function period(milliseconds: number): Period {
  return { milliseconds, seconds: milliseconds / 1000, toString: () => formatDuration(milliseconds) }
}

/** A duration as a Period; throws a UsageError for anything that is not strictly a duration. */
export function toPeriod(duration: Duration): Period {
  return typeof duration === 'string' ? period(parse(duration)) : duration
}

/** A duration in milliseconds; throws a UsageError for `'5'`, `'-5s'`, `'0x10s'` and the like. */
export function milliseconds(duration: Duration): number {
  return toPeriod(duration).milliseconds
}

/** A rate in events per second; throws a UsageError for anything that is not strictly a rate. */
export function perSecond(rate: Rate): number {
  const [, amount, unit] = RATE.exec(rate) ?? []
  if (!isUnit(unit) || Number(amount) === 0) {
    throw new UsageError(`not a rate: ${JSON.stringify(rate)}`, {
      hint: "write it in words: '100/s', '30/m'",
    })
  }
  return (Number(amount) * 1000) / MILLISECONDS[unit]
}

/** True for a text that is strictly a duration. */
export function isDuration(text: unknown): text is DurationText {
  return typeof text === 'string' && DURATION.test(text)
}

/** True for a Period, however it was made. */
export function isPeriod(value: unknown): value is Period {
  return typeof value === 'object' && value !== null && 'milliseconds' in value && 'seconds' in value
}

/** Milliseconds as people write them: `7ms`, `480ms`, `5.0s`, `2m 05s`. */
export function formatDuration(value: number): string {
  if (value < 0) return `-${formatDuration(-value)}`
  if (value < 1) return value === 0 ? '0ms' : `${value.toFixed(1)}ms`
  if (value < 999.5) return `${Math.round(value)}ms`
  if (value < 99_950) return `${(value / 1000).toFixed(1)}s`
  const seconds = Math.round(value / 1000)
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
  if (minutes < 60) return `${minutes}m ${String(rest).padStart(2, '0')}s`
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`
}

function parse(text: string): number {
  const [, amount, unit] = DURATION.exec(text) ?? []
  if (!isUnit(unit)) {
    throw new UsageError(`not a duration: ${JSON.stringify(text)}`, {
      hint: "write it in words: '250ms', '5s', '2m', '1h'",
    })
  }
  return Number(amount) * MILLISECONDS[unit]
}

function isUnit(text: string | undefined): text is Unit {
  return text !== undefined && Object.hasOwn(MILLISECONDS, text)
}
