import { type CallSite, callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { type Duration, formatDuration, milliseconds, perSecond, type Rate } from '../duration.ts'
import { ShakedownError, UsageError } from '../error.ts'
import { emit } from '../event.ts'
import { type Tracked, track } from '../expect/track.ts'
import { described, type Exchange, resolveDescription } from '../http/exchange.ts'
import { address, type Http } from '../http/http.ts'
import { didYouMean } from '../nearest.ts'
import { describeWord, render } from '../reference.ts'
import { sense } from '../wait/sense.ts'
import { generateLoad } from './load.ts'
import type { Plan, PlannedRequest } from './plan.ts'
import type { Sent } from './sent.ts'
import { type Crossing, crossed, parseThreshold, type Rule, type Threshold } from './threshold.ts'

interface Common {
  /** From the intended send time to the end of the answer; `'10s'` where it is not given. */
  readonly timeout?: Duration
  /** Promises about the load as a whole; one that is crossed ends the step, and the run with exit code 99. */
  readonly thresholds?: readonly Rule[]
  /** Answers of 5xx and requests without an answer are what this load is for. */
  readonly expect?: 'errors'
}

/** Requests at a rate, whatever the answers do; or so many connections, each sending its next request when the last was answered. */
export type Load = Common &
  (
    | { readonly rate: Rate; readonly for: Duration; readonly connections?: number }
    | { readonly connections: number; readonly for?: Duration; readonly requests?: number }
  )

/** Which paths, in which proportion: `{ '/': 1, '/missing': 1 }`. */
export interface Mix {
  readonly paths: Readonly<Record<`/${string}`, number>>
}

const OPTIONS = ['rate', 'for', 'connections', 'requests', 'timeout', 'thresholds', 'expect', 'paths']
let count = 0

/**
 * Sends a load to a server, or one described request again and again, each exactly once, and tells what became of it.
 * Throws when a threshold was crossed, and when everything failed unless `expect: 'errors'` says that it is meant to.
 */
export function traffic<To extends Http | Exchange>(
  to: To,
  load: To extends Exchange ? Load : Load & Mix,
): Tracked<Sent> {
  const at = callSite()
  const plan = createPlan(to, load)
  const thresholds = (load.thresholds ?? []).map(parseThreshold)
  const title = 'a load was not awaited'
  const place = at === undefined ? {} : { at: at.toString() }
  // A threshold is a promise about the load: a claim like any other.
  if (thresholds.length > 0) currentContext()?.countClaim()
  return track({ at, title, hint: 'write `await` before it: const sent = await traffic(…)' }, async () => {
    const { sent, answered, crossings } = await tellLoad(plan, { what: describeTarget(to), at, thresholds })
    const [first] = crossings
    if (first !== undefined) {
      throw new ShakedownError('threshold', `threshold crossed: ${first.threshold.text}`, {
        expected: crossings.map(({ threshold }) => threshold.text).join(', '),
        last: crossings.map(String).join('\n'),
        ...place,
        hint: describeFailures(sent),
      })
    }
    if (load.expect === 'errors' || answered > 0) return sent
    throw new ShakedownError('failed', `nothing of the load was answered: ${describeTarget(to)}`, {
      expected: 'answers',
      last: `${sent.total} requests, none answered`,
      ...place,
      hint: describeFailures(sent),
    })
  })
}

function createPlan(to: Http | Exchange, load: Load & Partial<Mix>): Plan {
  for (const name of Object.keys(load)) {
    if (!OPTIONS.includes(name))
      throw new UsageError(`a load has no ${name}`, { hint: didYouMean(name, OPTIONS) })
  }
  const { url, requests } = described in to ? planExchange(to) : planPaths(to, load)
  if (url.protocol !== 'http:') throw new UsageError(`a load is sent over plain HTTP, not ${url.protocol}`)
  return {
    target: { host: url.hostname, port: Number(url.port === '' ? 80 : url.port) },
    requests,
    shape: createShape(load),
    timeout: milliseconds(load.timeout ?? '10s'),
  }
}

function planExchange(exchange: Exchange): { url: URL; requests: readonly PlannedRequest[] } {
  const { description, markSent } = exchange[described]
  markSent()
  if (description.file !== undefined)
    throw new UsageError('a load cannot upload files', { hint: 'send them one by one' })
  const { method, url, headers, body } = resolveDescription(description)
  const target = new URL(url)
  return {
    url: target,
    requests: [
      {
        weight: 1,
        method,
        path: `${target.pathname}${target.search}`,
        label: description.path,
        headers,
        ...(body === undefined ? {} : { body }),
      },
    ],
  }
}

function planPaths(http: Http, load: Partial<Mix>): { url: URL; requests: readonly PlannedRequest[] } {
  const paths = Object.entries(load.paths ?? {})
  const url = new URL(render(http[address]))
  const prefix = url.pathname.replace(/\/$/, '')
  const requests = paths.map(([path, weight]) => ({
    weight,
    method: 'GET',
    path: `${prefix}${path}`,
    label: path,
  }))
  return { url, requests }
}

function createShape(load: Load): Plan['shape'] {
  if (!('rate' in load)) {
    const { connections, requests } = load
    const time = load.for === undefined ? {} : { milliseconds: milliseconds(load.for) }
    return { kind: 'closed', connections, ...time, ...(requests === undefined ? {} : { requests }) }
  }
  const { connections } = load
  return {
    kind: 'open',
    perSecond: perSecond(load.rate),
    milliseconds: milliseconds(load.for),
    ...(connections === undefined ? {} : { connections }),
  }
}

interface Told {
  readonly what: string
  readonly at: CallSite | undefined
  readonly thresholds: readonly Threshold[]
}

async function tellLoad(
  plan: Plan,
  told: Told,
): Promise<{ readonly sent: Sent; readonly answered: number; readonly crossings: readonly Crossing[] }> {
  count += 1
  const id = String(count)
  const { what, at, thresholds } = told
  const { milliseconds, requests } = { requests: undefined, ...plan.shape }
  const limits = { milliseconds, requests }
  emit({ kind: 'traffic:start', id, what, shape: describeShape(plan), ...limits, at: at?.toString() })
  const signal = currentContext()?.signal
  const sent = await generateLoad({
    ...plan,
    ...(signal === undefined ? {} : { signal }),
    onProgress: (progress) => emit({ kind: 'traffic:progress', id, ...progress, p95: progress.p95 ?? 0 }),
  })
  const counted = await sense({ kind: 'load', name: `load on ${what}`, at }, async () => sent)
  const crossings = crossed(thresholds, counted)
  const { total, ok, errors, byStatus, late, seconds, latency } = sent
  const { p50, p95, p99, max } = latency
  const quantiles = {
    p50: p50.milliseconds,
    p95: p95.milliseconds,
    p99: p99.milliseconds,
    max: max.milliseconds,
  }
  const series = sent.series.map((slot) => [slot.at, slot.sent, slot.answered, slot.errors, slot.p95 ?? 0])
  emit({
    ...{ kind: 'traffic:end', id, what, total, ok, errors, byStatus, late, seconds, series },
    latency: quantiles,
    crossed: crossings.map(String),
  })
  return { sent: counted, answered: sent.answered, crossings }
}

function describeTarget(to: Http | Exchange): string {
  return described in to ? to.describe : describeWord(to[address])
}

function describeShape({ shape }: Plan): string {
  const time = shape.milliseconds === undefined ? '' : ` for ${formatDuration(shape.milliseconds)}`
  if (shape.kind === 'open') return `${shape.perSecond}/s${time}`
  return `${shape.connections} connections${time}${shape.requests === undefined ? '' : `, ${shape.requests} requests`}`
}

function describeFailures(sent: Sent): readonly string[] {
  return Object.entries(sent.failures).map(
    ([cause, { count: times, first }]) => `${times} × ${cause}, the first: ${first}`,
  )
}
