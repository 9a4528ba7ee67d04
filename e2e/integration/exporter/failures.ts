import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { at, derive, expect, type Reading, step } from 'shakedown'
import { REQUESTS } from './counting.ts'
import { countExactly, holdWorker } from './held.ts'
import { measured } from './measured.ts'
import { expectCounted } from './signals.ts'
import type { App } from './workers.ts'

/** What the exporter keeps about requests that failed, and of what kind: by the type of Python's exception. */
const FAILED = 'gunicorn_worker_failed_requests_total'
const MISTAKEN = 'gunicorn_worker_error_handling_total'
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
      await expect(measured('the answer to what is no request', await sendNonsense(app))).toBe(
        'HTTP/1.1 400 Bad Request',
      )
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
      process.kill(victim, 'SIGABRT')
      await expect(
        derive(app.workers, 'workers of before', (now) => now.filter((pid) => before.includes(pid))),
      ).toBe(others)
      // Only now: before, the victim may still be one of them.
      await expect(app.workers).toHaveSize(before.length)
      await Promise.all([
        expect(lastWords(app)).toEqual([
          'gunicorn_worker_restart_count_total abort forced 1',
          'gunicorn_worker_restart_total abort 1',
          `gunicorn_worker_state aborting of ${victim} 1`,
        ]),
        expect(app.metrics.sum(REQUESTS)).toBe(counted),
      ])
    },
  )
}

/** Asks, and is gone when the worker has its answer: it writes to nobody. */
async function leaveBeforeTheAnswer(app: App): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: Number(app.port) })
  await once(socket, 'connect')
  socket.write('GET /wait HTTP/1.1\r\nHost: gone\r\n\r\n')
  await expect(app.logs.lines(/waits in \d+/)).toHaveSize(1)
  const gone = once(socket, 'close')
  socket.resetAndDestroy()
  await gone
  await writeFile(String(at`${app.dir}/go`), '')
}

/** Sends what is no request; gives the first line of the answer. */
async function sendNonsense(app: App): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(app.port) })
  await once(socket, 'connect')
  socket.write('NONSENSE\r\n\r\n')
  return (await text(socket)).split('\r\n')[0] ?? ''
}

function failuresIn(app: App, name: string): Reading<readonly string[]> {
  return derive(app.metrics.samples(name), `failures in ${name}`, (samples) =>
    samples
      .map(({ labels: { method, endpoint, error_type: type = '' }, value }) => {
        return `${method} ${endpoint}: ${GONE.test(type) ? 'the client has gone' : type} ${value}`
      })
      .sort(),
  )
}

/** What a worker says of its end: its state, and two counts of it. */
function lastWords(app: App): Reading<readonly string[]> {
  return derive(app.metrics.samples(), 'what the page says of a worker that aborted', (samples) =>
    samples
      .flatMap(({ name, labels: { reason, state, pid, restart_type: type }, value }) => {
        if (state === 'aborting') return [`${name} ${state} of ${pid} ${value}`]
        if (reason !== 'abort') return []
        return [[name, reason, type, value].filter((part) => part !== undefined).join(' ')]
      })
      .sort(),
  )
}
