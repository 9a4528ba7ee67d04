import { type Counted, each, expect, mode, step, traffic, within } from 'shakedown'
import { type App, byPid, serveFromAll, sorted } from './workers.ts'

export const REQUESTS = 'gunicorn_worker_requests_total'
const DURATION = 'gunicorn_worker_request_duration_seconds'
export const OBSERVED = `${DURATION}_count`

/** The status that each path of the application is answered with. */
const ANSWERS = ['200 /', '404 /missing', '500 /error'] as const

/** Claims that what was sent is what is counted: by status, under load, by worker, in time. */
export async function verifyCounting(app: App): Promise<void> {
  const workers = await app.workers.read()

  // First of all: what nothing hits, +Inf among it, is gone one TTL after the worker's first request.
  await step(
    'durations fall into their buckets and add up to what was waited',
    { proves: ['GUN-130'] },
    async () => {
      const bucket = (le: string) => app.metrics.sum(`${DURATION}_bucket`, { le }).fromNow()
      const [fast, slow, all] = [await bucket('0.1'), await bucket('2.5'), await bucket('+Inf')]
      const sum = await app.metrics.sum(`${DURATION}_sum`).fromNow()
      let waited = 0
      for (const _ of [1, 2, 3]) {
        const answer = await expect(app.get('/slow?seconds=0.12')).toRespond(200)
        waited += answer.milliseconds / 1000
      }
      await expect(all).toBe(3)
      await expect(slow).toBe(3)
      await expect(fast).toBe(0)
      // The worker measures until its metrics are written, which the client does not wait for.
      await expect(sum).toBe(within(0.36, 2 * waited + 1))
    },
  )

  await each('counts an answer, whatever its status', ANSWERS, async (answer) => {
    const [status, path = ''] = answer.split(' ')
    const counted = await mark(app)
    for (const _ of [1, 2, 3]) await expect(app.get(path)).toRespond(Number(status))
    await counted.toBe(3)
  })

  await step(
    'counts every request of a load once',
    {
      proves: [
        'GUN-008',
        'GUN-026',
        'GUN-080',
        'GUN-091',
        'GUN-129',
        'GUN-146',
        'GUN-172',
        'GUN-184',
        'KIT-19',
      ],
    },
    async () => {
      const counted = await mark(app)
      const sent = await traffic(app, {
        paths: { '/': 1, '/missing': 1 },
        rate: mode.rate,
        for: mode.load,
        thresholds: [`p95 < ${mode.latency}`, 'unanswered == 0'],
        timeout: '60s',
      })
      expect(sent.byStatus).toBe({ 200: sent.total / 2, 404: sent.total / 2 })
      await counted.toBe(sent.total)
    },
  )

  await step('each worker counts what it served itself', { proves: ['GUN-090'] }, async () => {
    const requests = await app.metrics.sum(REQUESTS).fromNow()
    const observed = await app.metrics.sum(OBSERVED).fromNow()
    const served = await serveFromAll(app)
    await expect(byPid(app, requests.by('worker_id'))).toBe(sorted(served))
    await expect(byPid(app, observed.by('worker_id'))).toBe(sorted(served))
    expect([...sorted(served).keys()]).toBe(workers)
  })

  await step('the workers are the ones that came up', { proves: ['GUN-078'] }, async () => {
    await expect(app.workers).toBe(workers)
  })
}

/** Counts requests and observations from now on; both must come to the same, and stay there. */
async function mark(app: App): Promise<{ toBe(count: number): Promise<void> }> {
  const requests: Counted = await app.metrics.sum(REQUESTS).fromNow()
  const observed: Counted = await app.metrics.sum(OBSERVED).fromNow()
  return {
    async toBe(count) {
      await expect(requests).toBe(count, { holding: '50ms' })
      await expect(observed).toBe(count)
    },
  }
}
