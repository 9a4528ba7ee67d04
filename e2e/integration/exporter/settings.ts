import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { env } from 'node:process'
import { type Duration, mode, period, UsageError } from 'shakedown'

/**
 * The exporter's own TTL: what everything but the proof of expiry runs with. A short one would be a hidden deadline: one TTL
 * after they were hit last, the buckets of a histogram are gone.
 */
const LONG_TTL = period(300_000)

/** Milliseconds: Prometheus scrapes as often as this, however busy the machine is. */
const SCRAPE_AT_LEAST = 5000

/** What the user set in the environment; a port that nobody set is a free one. */
export const settings = {
  appPort: readPort('APP_PORT'),
  metricsPort: readPort('PROMETHEUS_METRICS_PORT'),
  prometheusPort: readPort('PROMETHEUS_PORT'),
  redisPort: readPort('REDIS_PORT'),
  redisHost: env['REDIS_HOST'] ?? '127.0.0.1',
  redisDb: readNumber('REDIS_DB') ?? 0,
  workers: readNumber('GUNICORN_WORKERS') ?? 2,
  bindAddress: env['PROMETHEUS_BIND_ADDRESS'] ?? '127.0.0.1',
  /** True: the Redis at REDIS_HOST:REDIS_PORT is used, and nothing foreign in it is touched. */
  foreignRedis: env['SHAKEDOWN_NO_REDIS'] === '1',
  /** The TTL of the application that everything but expiry is proven with. */
  ttl: readTtl() ?? LONG_TTL,
  /** The TTL of the application that expiry is proven with. */
  shortTtl: readTtl() ?? lengthen(mode.ttl),
  /**
   * How often Prometheus scrapes: more rarely where the machine is busy. A scrape that Prometheus has given up goes on in
   * the exporter; where each takes longer than the interval, they pile up until nobody gets an answer.
   */
  scrapeInterval: period(
    Math.min(Math.round(mode.scrapeInterval.milliseconds * readStrangers() ** 1.5), SCRAPE_AT_LEAST),
  ),
} as const

/**
 * How many processes want each processor, at least 1: now, or in the last minute where those were more. What a script
 * waits for takes that much longer; what it does again and again it does that much more rarely.
 */
export function readCrowd(): number {
  const [average = 0] = loadavg()
  // The fourth word is `running/all`; systems without that file tell the average only.
  const now = existsSync('/proc/loadavg') ? Number(readFileSync('/proc/loadavg', 'utf8').split(/[ /]/)[3]) : 0
  return Math.max(1, Math.max(average, now) / availableParallelism())
}

/** The same without our own: while everything comes up, three processes of this run want each processor. At least 1. */
function readStrangers(): number {
  return Math.max(1, readCrowd() - 2)
}

/** A whole number of seconds, as the exporter wants it. */
export function seconds(duration: { readonly seconds: number }): number {
  return Math.round(duration.seconds)
}

/** A duration in words, for options that take them. */
export function words(duration: { readonly milliseconds: number }): Duration {
  return `${duration.milliseconds}ms`
}

/** A TTL that is shorter than what some looks take would be a hidden deadline: a short one is longer where the machine is busy. */
function lengthen(ttl: { readonly milliseconds: number }) {
  const factor = ttl.milliseconds < 10_000 ? Math.min(Math.ceil(readCrowd() / 5), 5) : 1
  return period(ttl.milliseconds * factor)
}

function readTtl() {
  const given = readNumber('REDIS_TTL_SECONDS')
  return given === undefined ? undefined : period(given * 1000)
}

function readPort(name: string): number | undefined {
  const port = readNumber(name)
  if (port === undefined || port < 65_536) return port
  throw new UsageError(`${name}=${port} is no port`, { expected: 'a number from 1 to 65535' })
}

function readNumber(name: string): number | undefined {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new UsageError(`${name}=${text} is no number`, { hint: `unset ${name}, or set it to a whole number` })
}
