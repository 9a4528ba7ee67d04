import { below, derive, expect, finding, type redis, start, step, traffic } from 'shakedown'
import { OBSERVED, REQUESTS } from './families.ts'
import { countExactly } from './held.ts'
import { measured } from './measured.ts'
import { type App, serveFromAll } from './workers.ts'

const LOST = /Failed to update request metrics/

/** Claims that requests do not suffer when Redis is killed and comes back, and that they are counted all the same. */
export async function verifyOutage(app: App, cache: ReturnType<typeof redis>): Promise<void> {
  await step(
    'Redis is killed under load and comes back: every request is answered and counted',
    { proves: ['GUN-009', 'GUN-097'] },
    async () => {
      await serveFromAll(app)
      const before = await countExactly(app)
      // Each connection sends when it was answered: a slow machine sends less, and nothing is abandoned.
      const load = traffic(app, { paths: { '/': 1 }, connections: 4, for: '1s', timeout: '60s' })
      await cache.kill()
      await expect(app.get('/')).toRespond(200)
      await cache.start()
      const sent = await load
      await expect(measured('answers by status', sent.byStatus)).toBe({ 200: sent.total })
      const served = await serveFromAll(app)
      const again = [...served.values()].reduce((sum, count) => sum + count, 0)
      const total = before + sent.total + 1 + again
      await expect(app.metrics.sum(REQUESTS)).toBe(total, { holding: '100ms' })
      await loseNoObservation(app, again)
    },
  )
}

/** Claims that the application starts without its Redis, as promised; 0.2.4 ends instead. */
export async function verifyStartWithoutRedis(app: App): Promise<void> {
  await step('without Redis the application falls back to files', { proves: ['GUN-097'] }, async () => {
    await finding(
      'without Redis the application does not start',
      {
        reason: 'the connection is tried while the configuration is read, and a failure ends the application',
        title: /^orphan died while it started: exit code 1$/,
        last: /Cannot connect to Redis: Error 111/,
      },
      async () => {
        await start(app)
        await expect(app.workers).toBeDefined()
      },
    )
  })
}

/** Claims that requests do not wait for a Redis that hangs: a known finding, looked at in full. */
export async function verifyHangingRedis(app: App, cache: ReturnType<typeof redis>): Promise<void> {
  await step(
    'requests do not wait for a Redis that hangs',
    { proves: ['GUN-097'], modes: ['full', 'ci'] },
    async () => {
      // What a load before has given up still waits for its worker, and would wait for Redis one after the other.
      await countExactly(app)
      await cache.pause()
      const sent = await traffic(app, { paths: { '/': 1 }, connections: 1, requests: 1, timeout: '2m' })
      await cache.resume()
      await expect(measured('answers by status', sent.byStatus)).toBe({ 200: 1 })
      await finding(
        'requests wait for a Redis that hangs',
        {
          reason:
            'metrics are written before the worker takes the next request, and the client of Redis waits for its timeouts',
          title: /^not as expected: \d+\.\ds$/,
          last: /^([1-9]\d\.\ds|\d+m .+)$/,
        },
        async () => expect(sent.latency.max).toBe(below('5s')),
      )
    },
  )
}

/** What was observed since Redis is back cannot be lost: at least so much there must be. */
async function loseNoObservation(app: App, since: number): Promise<void> {
  const behind = derive(
    app.metrics.sum(OBSERVED),
    'observations that are missing in the histogram',
    async (count) => {
      const [total, lost] = await Promise.all([app.metrics.sum(REQUESTS).read(), app.logs.lines(LOST).read()])
      if (total === count) return 'none'
      // The one that was being written when Redis died may be there, though its worker says that it is lost.
      return total - count >= lost.length - 1 && lost.length > 0 && count >= since
        ? 'those of the outage'
        : `${total - count} of ${total}, and ${lost.length} log lines about it`
    },
  )
  await finding(
    'a histogram loses what was observed while Redis was away',
    {
      reason: 'counters are kept in the worker and written again, observations of a histogram are not',
      title: /^not as expected: observations that are missing in the histogram$/,
      last: /^"those of the outage"$/,
    },
    () => expect(behind).toBe('none', { within: '300ms' }),
  )
}
