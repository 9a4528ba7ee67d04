import { derive, expect, step, within } from 'shakedown'
import { DURATION, OBSERVED } from './families.ts'
import { countExactly, expectAnswer, type HeldRequest, holdWorker } from './held.ts'
import type { Helper } from './household.ts'
import { busyTime } from './machine.ts'
import { type App, byPid } from './workers.ts'

/** So many requests that compute next to nothing. */
const SHORT = 10
/** Seconds of a request in which nobody was busy: on its way between two processes. */
const ON_ITS_WAY = 0.02

/** Claims that the histogram of durations says where requests belong, and no more than has passed. */
export async function verifyDurations(app: App): Promise<void> {
  await step(
    'durations fall into their buckets and add up to what was waited',
    { proves: ['GUN-130'] },
    async () => {
      const bucket = (le: string) => app.metrics.sum(`${DURATION}_bucket`, { le }).fromNow()
      const sums = app.metrics.sum(`${DURATION}_sum`)
      const [fast, slow, all, sum] = await Promise.all([
        bucket('0.1'),
        bucket('2.5'),
        bucket('+Inf'),
        sums.fromNow(),
      ])
      const sent = [1, 2, 3].map(() => expect(app.get('/slow?seconds=0.12')).toRespond(200))
      const waited = (await Promise.all(sent)).reduce((time, answer) => time + answer.milliseconds / 1000, 0)
      await expect(all).toBe(3)
      // The worker measures until its metrics are written, which the client does not wait for.
      const most = 2 * waited + 1
      await Promise.all([expect(slow).toBe(3), expect(fast).toBe(0), expect(sum).toBe(within(0.36, most))])
    },
  )
}

/**
 * Claims that what the workers measured cannot be more than what our own clock did, nor than they and what they wait for
 * were busy, as the kernel counts it: each does one thing at a time.
 */
export async function verifyNoMoreThanPassed(app: App, helpers: readonly Helper[] = []): Promise<void> {
  await step('no worker has worked for longer than has passed', { proves: ['GUN-130'] }, async () => {
    await expect(app.metrics.sum(OBSERVED)).toBe(await countExactly(app))
    const workers = await app.workers.read()
    const [sum, all] = await Promise.all([
      app.metrics.sum(`${DURATION}_sum`).fromNow(),
      app.metrics.sum(OBSERVED).fromNow(),
    ])
    const others = await Promise.all(helpers.map(({ pid }) => pid.read()))
    const lookAtAll = () => Promise.all(workers.map((pid) => busyTime([pid, ...others])))
    const [began, before] = [performance.now(), await lookAtAll()]
    for (let request = 0; request < SHORT; request += 1) await expect(app.get('/')).toRespond(200)
    // When each has taken another request, all that it measured before has ended.
    const held: HeldRequest[] = []
    while (held.length < workers.length) held.push(await holdWorker(app))
    const passed = (performance.now() - began) / 1000
    const after = await lookAtAll()
    await expect(all).toBe(SHORT)
    const busy = after.map((time, index) => time - (before[index] ?? 0))
    const measured = byPid(app, sum.by('worker_id'))
    const told = derive(measured, 'workers that measured more than there was, or nothing', (sums) => {
      if (sums.size === 0) return ['none says that it has worked']
      return workers.flatMap((pid, index) => {
        const [seconds, own = 0] = [sums.get(pid) ?? 0, busy[index]]
        const most = own === 0 ? passed : Math.min(passed, own + SHORT * ON_ITS_WAY)
        return seconds <= most ? [] : [`${pid} says ${seconds} s, was busy for ${own} s of ${passed} s`]
      })
    })
    await expect(told).toEqual([])
    for (const request of held) await expectAnswer(request)
  })
}
