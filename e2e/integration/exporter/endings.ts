import { expect, step } from 'shakedown'
import { REQUESTS } from './families.ts'
import { livingOf } from './held.ts'
import { measured } from './measured.ts'
import { openWire, statusLine } from './wire.ts'
import { type App, serveFromAll } from './workers.ts'

/** Seconds that a request takes: longer than most do, shorter than what anybody configures as too long. */
const LONG = { alone: 2.5, atTheEnd: 1.5 } as const

/** Claims that a request may take its time, also when the application is told to stop. Afterwards it is stopped. */
export async function verifyPatience(app: App): Promise<void> {
  await step('a request may take its time, and a stop waits for it', { proves: ['GUN-190'] }, async () => {
    const workers = await app.workers.read()
    await expect(app.get(`/slow?seconds=${LONG.alone}`)).toRespond(200)
    await expect(app.workers).toBe(workers)
    const begins = app.logs.lines(/slow request begins/)
    const { length } = await begins.read()
    const last = app.get(`/slow?seconds=${LONG.atTheEnd}`).send()
    await expect(begins).toHaveSize(length + 1)
    await app.stop()
    const { status } = await last
    await expect(measured('the answer to what was asked before the stop', status)).toBe(200)
  })
}

/** Claims that an application can be started again at once where it was, and that nothing is forgotten that it has counted. */
export async function verifyStartAgain(app: App): Promise<void> {
  await step(
    'who starts again finds the ports free, and all that was counted',
    { proves: ['GUN-152'] },
    async () => {
      await serveFromAll(app)
      await expect(app.metrics.sum(REQUESTS)).toBeDefined()
      const counted = await app.metrics.sum(REQUESTS).read()
      await app.restart()
      await expect(app.metrics.sum(REQUESTS)).toBe(counted)
    },
  )
}

/** Claims that workers whose master was killed end by themselves, once they have something to do. */
export async function verifyOrphans(app: App): Promise<void> {
  await step('workers that have lost their master end', { proves: ['GUN-010'] }, async () => {
    const workers = await app.workers.read()
    using wire = await openWire(app)
    await app.signal('SIGKILL')
    // One that waits for its next request looks for its master afterwards.
    wire.write('GET / HTTP/1.1\r\nHost: orphan\r\n\r\n')
    await expect(measured('the answer of an orphan', statusLine(await wire.rest()))).toBe('HTTP/1.1 200 OK')
    await expect(livingOf(workers)).toEqual([])
  })
}
