import { writeFile } from 'node:fs/promises'
import { at, derive, expect, type Reading, step } from 'shakedown'
import { REQUESTS } from './families.ts'
import { countExactly, holdWorker } from './held.ts'
import { measured } from './measured.ts'
import { expectCounted } from './signals.ts'
import { openWire, statusLine } from './wire.ts'
import { type App, workerIds } from './workers.ts'

/** What the exporter keeps about requests that failed, and of what kind: by the type of Python's exception. */
const FAILED = 'gunicorn_worker_failed_requests_total'
const MISTAKEN = 'gunicorn_worker_error_handling_total'
/** What stands in a query is nobody's business but the application's. */
const SECRET = 'token=hidden'
/** Both say that the client has gone: which one it is depends on what the kernel had heard by then. */
const GONE = /BrokenPipeError|ConnectionResetError/

/** Claims that requests that fail are counted as what they are, not as answers, and that no worker ends because of them. */
export async function verifyFailures(app: App): Promise<void> {
  await step(
    'requests that fail are counted as failed, and harm nobody',
    { proves: ['GUN-097'] },
    async () => {
      const workers = await app.workers.read()
      const counted = await countExactly(app)
      const refusal = await sendNonsense(app)
      await expect(measured('the answer to what is no request', statusLine(refusal))).toBe(
        'HTTP/1.1 400 Bad Request',
      )
      const inside = refusal.match(/Traceback|[\w/-]+\.py\b/g) ?? []
      await expect(measured('what a refusal says of the inside of the application', inside)).toEqual([])
      await (await holdWorker(app)).abandon()
      await leaveBeforeTheAnswer(app)
      await Promise.all([
        expect(failuresIn(app, FAILED)).toEqual([
          'GET /wait: the client has gone 1',
          'POST /echo: the client has gone 1',
        ]),
        expect(failuresIn(app, MISTAKEN)).toEqual(['UNKNOWN UNKNOWN: InvalidRequestLine 1']),
        expect(app.metrics.sum(REQUESTS)).toBe(counted, { holding: '50ms' }),
      ])
      await expect(app.workers).toBe(workers)
    },
  )
}

/** Claims that a worker that is told to abort, as one that hangs is, says so and is replaced. */
export async function verifyAbort(app: App): Promise<void> {
  await step(
    'a worker that aborts says so, and is replaced',
    { proves: ['GUN-097', 'GUN-134'] },
    async () => {
      const before = await app.workers.read()
      // Its first signal is one for which the master forks nobody: see verifyWorkerDeath.
      await expectCounted(app, 'SIGUSR1', () => expect(app.workers).toBe(before))
      const counted = await countExactly(app)
      const [victim = Number.NaN, ...others] = before
      const id = [...(await workerIds(app).read())].find(([, pid]) => pid === victim)?.[0]
      process.kill(victim, 'SIGABRT')
      await expect(
        derive(app.workers, 'workers of before', (now) => now.filter((pid) => before.includes(pid))),
      ).toBe(others)
      // Only now: before, the victim may still be one of them.
      await expect(app.workers).toHaveSize(before.length)
      await Promise.all([
        expect(lastWords(app)).toEqual([
          `gunicorn_worker_restart_count_total abort forced of ${id} 1`,
          `gunicorn_worker_restart_total abort of ${id} 1`,
          `gunicorn_worker_state aborting of ${id} in ${victim} 1`,
        ]),
        expect(app.metrics.sum(REQUESTS)).toBe(counted),
      ])
    },
  )
}

/** Asks, and is gone when the worker has its answer: it writes to nobody. */
async function leaveBeforeTheAnswer(app: App): Promise<void> {
  const wire = await openWire(app)
  wire.write(`GET /wait?${SECRET} HTTP/1.1\r\nHost: gone\r\n\r\n`)
  await expect(app.logs.lines(/waits in \d+/)).toHaveSize(1)
  await wire.leave()
  await writeFile(String(at`${app.dir}/go`), '')
}

/** Sends what is no request; gives the answer. */
async function sendNonsense(app: App): Promise<string> {
  using wire = await openWire(app)
  wire.write('NONSENSE\r\n\r\n')
  return await wire.rest()
}

function failuresIn(app: App, name: string): Reading<readonly string[]> {
  return derive(app.metrics.samples(name), `failures in ${name}`, async (samples) => {
    const known = await workerIds(app).read()
    return samples
      .map(({ labels: { worker_id: id = '', method, endpoint, error_type: type = '' }, value }) => {
        const what = GONE.test(type) ? 'the client has gone' : type
        return `${method} ${endpoint}: ${what} ${value}${known.has(id) ? '' : ` in ${id}, which is no worker`}`
      })
      .sort()
  })
}

/** What a worker says of its end: its state, and two counts of it. */
function lastWords(app: App): Reading<readonly string[]> {
  return derive(app.metrics.samples(), 'what the page says of a worker that aborted', (samples) =>
    samples
      .flatMap(({ name, labels: { worker_id: id, reason, state, pid, restart_type: type }, value }) => {
        if (state === 'aborting') return [`${name} ${state} of ${id} in ${pid} ${value}`]
        if (reason !== 'abort' || id === undefined) return []
        return [[name, reason, type, 'of', id, value].filter((part) => part !== undefined).join(' ')]
      })
      .sort(),
  )
}
