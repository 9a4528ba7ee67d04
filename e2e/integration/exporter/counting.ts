import { derive, each, expect, mode, type Reading, step, traffic, within } from 'shakedown'
import { OBSERVED, REQUESTS } from './families.ts'
import { expectNoMoreMemory, verifyLeavesNothing, watchHoldings } from './household.ts'
import { measured } from './measured.ts'
import { type App, byPid, type Served, serveFromAll, sorted, UNEVEN, workerIds } from './workers.ts'

/** What the application answers: status, path and text, whoever stands between it and its clients. */
const ANSWERS = [
  '200 / {"message": "hello"}',
  '404 /missing {"error": "no such path"}',
  '500 /error {"error": "asked to fail"}',
  '200 /health {"status": "ok"}',
] as const
/** The headers of each answer beside the date: the application's type, and what gunicorn adds. */
const HEADERS = { connection: 'close', 'content-type': 'application/json', server: 'gunicorn' } as const
const WORD = 'shake'

/** What is sent to an application whose requests are counted. */
export interface Amounts {
  /** How many requests are a load. */
  readonly requests: number
  /** Characters of a body: more than one packet, and more than one buffer of whoever stands on its way. */
  readonly upload: number
}

/** In a hurry less where it is dear: a request is 58 commands for Redis. An upload in files is one that shows where it stays. */
export const AMOUNTS = {
  files: { requests: mode.name === 'quick' ? 100 : 600, upload: 16_000_000 },
  redis: { requests: mode.name === 'quick' ? 60 : 600, upload: 200_000 },
} as const

/** Claims that what was sent is what is counted: by status, under load, by worker, in time. */
export async function verifyCounting(app: App, { requests, upload }: Amounts): Promise<void> {
  const workers = await app.workers.read()

  await step('the log of the start says nothing wrong', { proves: ['GUN-078'] }, async () => {
    const wrong = app.logs.lines(/Traceback|\[(WARNING|ERROR|CRITICAL)\]/)
    await expect(app.logs.lines(/Booting worker/)).toHaveSize(workers.length)
    await expect(wrong).toEqual([])
  })

  await each('counts an answer, whatever its status', ANSWERS, async (answer) => {
    const [, status, path = '', text = ''] = /^(\d+) (\S+) (.+)$/.exec(answer) ?? []
    const counted = await mark(app)
    for (const _ of [1, 2]) await expect(app.get(path)).toRespond(Number(status), { text })
    const asked = Date.now()
    const { date = '', ...headers } = (await app.get(path).send()).headers
    const wanted = { ...HEADERS, 'content-length': String(text.length) }
    await expect(measured('headers of the answer, beside the date', headers)).toEqual(wanted)
    // It tells whole seconds.
    await expect(measured('the date of the answer, in milliseconds', Date.parse(date))).toBe(
      within(asked - 1000, Date.now()),
    )
    await counted.toBe(3)
  })

  const before = await watchHoldings(app)
  await step('what is posted is counted, and comes back as it was', { proves: ['GUN-008'] }, async () => {
    const counted = await mark(app)
    const { text } = await app.post('/echo', { text: WORD.repeat(upload / WORD.length) }).send()
    await expect(measured('how many of the characters that were sent came back', text.length)).toBe(upload)
    await expect(measured('what came back that was not sent', text.replaceAll(WORD, ''))).toBe('')
    await counted.toBe(1)
    await expectNoMoreMemory(app, { before, requests: 1 })
  })

  await step('what the application says of a failure is in the log', { proves: ['GUN-097'] }, async () => {
    const said = app.logs.lines(/\/error failed: asked to fail/)
    const { length } = await said.read()
    const counted = await mark(app)
    await expect(app.get('/error')).toRespond(500)
    await expect(said).toHaveSize(length + 1)
    // It is answered before it is counted: the next step must not find it on its way.
    await counted.toBe(1)
  })

  const lines = await app.logs.lines(/./).read()
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
      const load = await traffic(app, {
        paths: { '/': 1, '/missing': 1 },
        // Each connection sends when it was answered: a slow machine takes longer, and nothing is late.
        connections: 4,
        requests,
        thresholds: ['unanswered == 0'],
        timeout: '60s',
      })
      await expect(measured('answers by status', load.byStatus)).toBe({
        200: requests / 2,
        404: requests / 2,
      })
      await counted.toBe(requests)
    },
  )
  await verifyLeavesNothing(app, { before, lines, requests })

  await step('each worker counts what it served itself, at once', { proves: ['GUN-090'] }, async () => {
    const [counted, observed, earlier] = await Promise.all([
      app.metrics.sum(REQUESTS).fromNow(),
      app.metrics.sum(OBSERVED).fromNow(),
      countsByWorker(app).read(),
    ])
    const served = sorted(await serveFromAll(app, UNEVEN))
    const behind = await lagging(app, { earlier, served })
    await expect(measured('workers whose count is behind their answers', behind)).toEqual([])
    await Promise.all([
      expect(byPid(app, counted.by('worker_id'))).toBe(served),
      expect(byPid(app, observed.by('worker_id'))).toBe(served),
    ])
    expect([...served.keys()]).toBe(workers)
  })

  await step('the workers are the ones that came up', { proves: ['GUN-078'] }, async () => {
    await expect(app.workers).toBe(workers)
  })
}

/** Counts requests and observations from now on; both must come to the same, and stay there. */
export async function mark(app: App): Promise<{ toBe(count: number): Promise<void> }> {
  const [requests, observed] = await Promise.all([
    app.metrics.sum(REQUESTS).fromNow(),
    app.metrics.sum(OBSERVED).fromNow(),
  ])
  return {
    async toBe(count) {
      await Promise.all([
        expect(requests).toBe(count, { holding: '50ms' }),
        expect(observed).toBe(count, { holding: '50ms' }),
      ])
    },
  }
}

function countsByWorker(app: App): Reading<Served> {
  return derive(app.metrics.sum(REQUESTS).by('worker_id'), 'requests by pid', async (counts) => {
    const ids = await workerIds(app).read()
    return new Map([...counts].map(([id, count]) => [ids.get(id) ?? Number.NaN, count]))
  })
}

/**
 * The workers whose count lacks more than one of the requests that they have answered, by one look at the page. A worker
 * takes its next request when the last one is written: only the last one may still be on its way, however slow the machine is.
 */
async function lagging(
  app: App,
  { earlier, served }: { readonly earlier: Served; readonly served: Served },
): Promise<readonly string[]> {
  const now = await countsByWorker(app).read()
  return [...served].flatMap(([pid, answered]) => {
    const counted = (now.get(pid) ?? 0) - (earlier.get(pid) ?? 0)
    return counted >= answered - 1
      ? []
      : [`worker ${pid} has answered ${answered} requests, the page that was asked for then says ${counted}`]
  })
}
