import {
  above,
  below,
  deletions,
  expect,
  finding,
  info,
  keys,
  memory,
  step,
  traffic,
  within,
} from 'shakedown'
import { REQUESTS } from './families.ts'
import { histogramOf } from './histogram.ts'
import { lookAtProcess } from './machine.ts'
import { measured } from './measured.ts'
import type { Store } from './redis-keys.ts'
import { words } from './settings.ts'
import { needOwnRedis } from './store.ts'
import { verifyNothingElse } from './stored.ts'
import { type App, serveFromAll } from './workers.ts'

/** Claims that the metrics of an application that writes no more live for their TTL and go by themselves. */
export async function verifyExpiry(app: App, { cache, prefix, ttl }: Store): Promise<void> {
  const entries = keys(cache, `${prefix}:*`)
  const before = await memory(cache).read()
  const served = await serveFromAll(app)
  const computed = await computedBy(app)
  const began = performance.now()

  await step(
    'keys expire by themselves, and nobody deletes them',
    { proves: ['GUN-142', 'GUN-144', 'GUN-148', 'GUN-150', 'GUN-188', ...documented(ttl)] },
    async () => {
      await expect(entries).toExpire({
        within: words({ milliseconds: ttl.milliseconds + 3000 }),
        deletions: 0,
      })
    },
  )

  await step('workers that nobody asks anything compute nothing', { proves: ['GUN-151'] }, async () => {
    const passed = (performance.now() - began) / 1000
    const part = ((await computedBy(app)) - computed) / passed
    await expect(measured('processors that idle workers keep busy', part)).toBe(below(0.3))
  })

  await step('their memory comes back', { proves: ['GUN-145', 'GUN-151', 'GUN-169'] }, async () => {
    needOwnRedis()
    await expect(info(cache, 'keyspace')).toBe({})
    // A Redis that holds nothing needs memory for itself: none at all would be no answer.
    await expect(memory(cache)).toBe(within(Math.round(before / 2), Math.round(before * 1.25)))
  })

  await step('a worker that was idle for longer than the TTL is still counted', async () => {
    await finding(
      'an idle worker vanishes after one TTL',
      {
        reason: 'a worker that serves nothing writes nothing, so its keys expire while it lives',
        title: /^metric not as expected: series of gunicorn_worker_requests_total$/,
        last: /^0$/,
      },
      () => expect(app.metrics.count(REQUESTS)).toBe(above(0), { within: '300ms' }),
    )
    const again = await serveFromAll(app)
    // Both workers serve again, so both are there again, with all that they counted.
    await expect(app.metrics.sum(REQUESTS)).toBe(sumOf(served) + sumOf(again))
  })
}

/** Claims that a histogram stays whole for longer than its TTL: a known finding, looked at in full. */
export async function verifyAging(app: App, { ttl }: Store): Promise<void> {
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
        last: /^"without \+Inf and whatever else nothing hit"$/,
      },
      () => expect(histogramOf(app)).toBe('whole', { within: '300ms' }),
    )
  })
}

/** Claims that nothing is deleted when the application ends: its last metrics can still be scraped from Redis. */
export async function verifyKeysStay(store: Store): Promise<void> {
  const { cache, prefix, ttl } = store
  await step(
    'the keys outlive the application, and none was ever deleted',
    { proves: ['GUN-144', 'GUN-152'] },
    async () => {
      const all = keys(cache, `${prefix}:*`)
      await expect(all).toHaveSize(above(10))
      // Those of workers that a signal has replaced, too.
      await expect(all).toHaveTtl(within('1ms', words(ttl)))
      await expect(deletions(cache, `${prefix}:*`)).toEqual([])
    },
  )
  await verifyNothingElse(store, 'the end left alone what others keep in Redis')
}

/** Which row a proof with this TTL is about besides: the documented 30 seconds are waited for in full. */
function documented(ttl: { readonly milliseconds: number }): readonly string[] {
  return ttl.milliseconds === 30_000 ? ['GUN-141'] : []
}

/** How long the workers have computed altogether, in seconds. */
async function computedBy(app: App): Promise<number> {
  const facts = await Promise.all((await app.workers.read()).map(lookAtProcess))
  return facts.reduce((sum, { computed }) => sum + computed, 0)
}

function sumOf(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}
