import { atLeast, derive, expect, mode, type prometheus, step, within } from 'shakedown'
import { REQUESTS } from './counting.ts'
import type { App } from './workers.ts'

type Prometheus = ReturnType<typeof prometheus>

const ENOUGH_SCRAPES = 3

/** Claims that Prometheus scrapes the application, again and again, and says the same as its page. */
export async function verifyScraped(prom: Prometheus, app: App): Promise<void> {
  await step(
    'Prometheus scrapes the application',
    { proves: ['GUN-053', 'GUN-083', 'GUN-094', 'GUN-136', 'GUN-137', 'GUN-140', 'GUN-147', 'GUN-164'] },
    async () => {
      await expect(prom.get('/api/v1/targets')).toRespond(200, { json: { status: 'success' } })
      await expect(prom.target(app)).toBe('up', { within: '20s' })
      await expect(prom.vector('up')).toHaveSize(1)
    },
  )

  await step(
    'PromQL agrees with the page, worker by worker',
    { proves: ['GUN-138', 'GUN-166', 'GUN-186'] },
    async () => {
      await expect(prom.query(`sum(${REQUESTS})`)).toBe(app.metrics.sum(REQUESTS))
      const scraped = derive(
        prom.vector(REQUESTS),
        `${REQUESTS} in Prometheus by worker_id`,
        (found) => new Map(found.map(({ labels, value }) => [labels['worker_id'] ?? '', value])),
      )
      await expect(scraped).toBe(app.metrics.sum(REQUESTS).by('worker_id'))
    },
  )

  await step('scrapes go on, and tell the right time', { proves: ['GUN-139', 'GUN-153'] }, async () => {
    const span = `${Math.max(mode.scrapeInterval.milliseconds * 10, 1000)}ms` as const
    const scrapes = prom.points('up', { for: span })
    await expect(derive(scrapes, 'scrapes of late', ([line]) => line?.points.length ?? 0)).toBe(
      atLeast(ENOUGH_SCRAPES),
    )
    const clock = derive(
      prom.scrapedAt(app),
      'seconds between our clock and the newest sample',
      (time) => (Date.now() - time) / 1000,
    )
    await expect(clock).toBe(within(-1, 10))
  })
}
