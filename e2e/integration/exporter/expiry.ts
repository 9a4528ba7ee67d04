import {
  above,
  atMost,
  derive,
  expect,
  finding,
  hashes,
  info,
  keys,
  memory,
  type Reading,
  step,
  traffic,
} from 'shakedown'
import { REQUESTS } from './counting.ts'
import type { Store } from './redis-keys.ts'
import { words } from './settings.ts'
import { type App, serveFromAll } from './workers.ts'

const BUCKET = 'gunicorn_worker_request_duration_seconds_bucket'
const COUNT = 'gunicorn_worker_request_duration_seconds_count'

/** Claims that the metrics of an application that stopped live for their TTL and go by themselves. */
export async function verifyExpiry(app: App, store: Store): Promise<void> {
  const { cache, prefix, ttl } = store
  const entries = keys(cache, `${prefix}:*`)
  const before = await memory(cache).read()

  await step(
    'INT ends the application, and its workers say that they quit',
    { proves: ['GUN-010', 'GUN-134', 'GUN-190'] },
    async () => {
      const served = await serveFromAll(app)
      // INT in the middle of a write can hang a worker: everything must be written by then.
      await expect(app.metrics.sum(COUNT)).toBe(sumOf(served))
      await expect(entries).toHaveSize(above(10))
      const workers = await app.workers.read()
      await app.stop('SIGINT')
      await expect(quitters(store)).toBe(workers)
    },
  )

  await step(
    'its keys expire by themselves, and nobody deletes them',
    { proves: ['GUN-142', 'GUN-144', 'GUN-148', 'GUN-150', 'GUN-188'] },
    async () => {
      await expect(entries).toExpire({
        within: words({ milliseconds: ttl.milliseconds + 1000 }),
        deletions: 0,
      })
    },
  )

  await step('their memory comes back', { proves: ['GUN-145', 'GUN-151', 'GUN-169'] }, async () => {
    await expect(info(cache, 'keyspace')).toBe({})
    await expect(memory(cache)).toBe(atMost(Math.round(before * 1.25)))
  })
}

/** Claims what happens to a histogram whose application lives longer than its TTL: both are known findings. */
export async function verifyAging(app: App, store: Store): Promise<void> {
  const { cache, prefix, ttl } = store

  await step('a histogram stays whole under steady traffic', async () => {
    await serveFromAll(app)
    await expect(histogramOf(app)).toBe('whole')
    await traffic(app, {
      paths: { '/': 1 },
      rate: '20/s',
      for: words({ milliseconds: ttl.milliseconds + 500 }),
    })
    await finding(
      'a histogram loses the buckets that were not hit for one TTL',
      {
        reason:
          'an observation renews the TTL of one bucket only; after one TTL the others are gone, +Inf with them',
        title: /^not as expected: the histogram of the application$/,
        last: /^"only the bucket of the fast requests, behind its counter"$/,
      },
      () => expect(histogramOf(app)).toBe('whole', { within: '300ms' }),
    )
  })

  await step('a worker that was idle for longer than the TTL is still there', async () => {
    const total = await app.metrics.sum(REQUESTS).read()
    await expect(keys(cache, `${prefix}:*`)).toHaveSize(0, {
      within: words({ milliseconds: ttl.milliseconds + 5000 }),
    })
    await finding(
      'an idle worker vanishes after one TTL',
      {
        reason: 'a worker that serves nothing writes nothing, so its keys expire while it lives',
        title: /^metric not as expected: series of gunicorn_worker_requests_total$/,
        last: /^0$/,
      },
      () => expect(app.metrics.count(REQUESTS)).toBe(above(0), { within: '300ms' }),
    )
    const served = await serveFromAll(app)
    await expect(app.metrics.sum(REQUESTS)).toBe(total + sumOf(served))
  })
}

/** The workers that wrote, as their last word, that they quit: only to be read in Redis, the page is gone by then. */
function quitters({ cache, prefix }: Store): Reading<readonly number[]> {
  return derive(hashes(cache, `${prefix}:gauge_all:*`), 'workers that said they quit', (found) => {
    const pids = [...found].flatMap(([key, { original_key: original }]) =>
      original?.includes('"quitting"') ? [Number(key.split(':')[2])] : [],
    )
    return [...new Set(pids)].sort((one, other) => one - other)
  })
}

/** How a histogram stands: whole, or the shape that it is known to decay to. */
function histogramOf(app: App): Reading<string> {
  return derive(app.metrics.samples(), 'the histogram of the application', (samples) => {
    const bounds = new Set(samples.flatMap(({ name, labels }) => (name === BUCKET ? [labels['le']] : [])))
    const total = (wanted: string) =>
      samples.reduce((sum, { name, value }) => (name === wanted ? sum + value : sum), 0)
    const behind = total(REQUESTS) - total(COUNT)
    if (bounds.size === 9 && behind === 0) return 'whole'
    if (bounds.size === 1 && bounds.has('0.1') && behind > 0)
      return 'only the bucket of the fast requests, behind its counter'
    return `buckets ${[...bounds].join(' ')}, ${behind} behind the counter`
  })
}

function sumOf(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}
