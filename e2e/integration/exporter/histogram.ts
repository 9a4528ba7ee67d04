import { derive, expect, finding, hashes, type Reading, step, ttls } from 'shakedown'
import { BUCKETS, DURATION, REQUESTS } from './families.ts'
import type { Store } from './redis-keys.ts'
import { type App, serveFromAll } from './workers.ts'

/** Two writes that are further apart than this, in milliseconds, show in the deadlines of what they wrote. */
const APART = 500

/** How a histogram stands: whole, or the shape that it is known to decay to. */
export function histogramOf(app: App): Reading<string> {
  return derive(app.metrics.samples(), 'the histogram of the application', (samples) => {
    const bounds = new Set(
      samples.flatMap(({ name, labels }) => (name === `${DURATION}_bucket` ? [labels['le']] : [])),
    )
    const total = (wanted: string) =>
      samples.reduce((sum, { name, value }) => (name === wanted ? sum + value : sum), 0)
    const behind = total(REQUESTS) - total(`${DURATION}_count`)
    if (bounds.size === BUCKETS.length && behind === 0) return 'whole'
    const decayed = bounds.size > 0 && bounds.size < BUCKETS.length && !bounds.has('+Inf') && behind >= 0
    return decayed
      ? 'without +Inf and whatever else nothing hit'
      : `buckets ${[...bounds].join(' ')}, ${behind} behind the counter`
  })
}

/** Claims that an observation renews its whole histogram, so that it cannot fall apart: a known finding. */
export async function verifyRenewal(app: App, store: Store): Promise<void> {
  await step('an observation renews the whole histogram', async () => {
    await serveFromAll(app)
    await finding(
      'an observation renews one bucket of its histogram only',
      {
        reason: 'the other buckets, +Inf with them, expire one TTL after they were hit last: histograms rot',
        title: /^not as expected: which buckets live as long as the sum of their histogram$/,
        last: /^"only some, and \+Inf is not one of them"$/,
      },
      () => expect(renewedBuckets(app, store)).toBe('all of them', { within: '100ms' }),
    )
  })
}

/** Of the workers that are alive: what the others wrote last is on its way out. */
function renewedBuckets(app: App, { cache, prefix }: Store): Reading<string> {
  const metas = hashes(cache, `${prefix}:histogram:*:meta:*`)
  return derive(metas, 'which buckets live as long as the sum of their histogram', async (found) => {
    const workers = await app.workers.read()
    const lives = await ttls(cache, `${prefix}:histogram:*:metric:*`).read()
    const own = [...found].filter(([key]) => workers.includes(Number(key.slice(prefix.length).split(':')[2])))
    const samples = own.map(([key, fields]) => ({
      ...describeSample(fields['original_key']),
      life: lives.get(key.replace(':meta:', ':metric:')),
    }))
    const sums = samples.filter(({ name }) => name === `${DURATION}_sum`)
    const stale = sums.map((sum) => {
      const buckets = samples.filter(({ worker, le }) => worker === sum.worker && le !== undefined)
      return buckets.flatMap(({ le, life }) => (toNumber(life) < toNumber(sum.life) - APART ? [le] : []))
    })
    if (stale.every((bounds) => bounds.length === 0)) return 'all of them'
    const rotting = stale.filter((bounds) => bounds.includes('+Inf') && bounds.length < BUCKETS.length)
    const isKnown =
      rotting.length > 0 && stale.every((bounds) => bounds.length === 0 || rotting.includes(bounds))
    return isKnown
      ? 'only some, and +Inf is not one of them'
      : `by worker, these do not: ${stale.map((bounds) => bounds.join(' ')).join('; ')}`
  })
}

/** What a meta key says it is about: `["family", "sample", { labels }, "help"]`. */
function describeSample(original = '[]'): { name: string; worker: string; le: string | undefined } {
  const parts: unknown = JSON.parse(original)
  const [, name, labels] = Array.isArray(parts) ? parts : []
  const given: Readonly<Record<string, string>> = typeof labels === 'object' && labels !== null ? labels : {}
  return { name: String(name), worker: given['worker_id'] ?? '', le: given['le'] }
}

function toNumber(life: { readonly milliseconds: number } | 'none' | undefined): number {
  if (life === 'none') return Number.POSITIVE_INFINITY
  return life?.milliseconds ?? Number.NaN
}
