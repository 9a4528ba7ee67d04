import { readFile } from 'node:fs/promises'
import { expect, type Reading } from 'shakedown'
import { REQUESTS } from './families.ts'
import { measured } from './measured.ts'
import { openWire, statusLine } from './wire.ts'
import type { App } from './workers.ts'

/** A request that a worker has begun and cannot end: its body is still to come. */
export interface HeldRequest {
  /** Sends the body; gives the first line of the answer. */
  release(): Promise<string>
  /** Goes away without the body, which the worker is still waiting for. */
  abandon(): Promise<void>
}

const BODY = 'the end'
/** What says that a worker has read the head of a request. */
const BEGUN = 'HTTP/1.1 100 Continue\r\n\r\n'

/**
 * Waits until everything that was answered so far is written; gives what is counted then, these requests of its own among
 * it. A worker takes a request when it has written the last one.
 */
export async function countExactly(app: App): Promise<number> {
  const { length } = await app.workers.read()
  const total = await whileHeld(app, async () => {
    await expect(app.metrics.sum(REQUESTS)).toBeDefined()
    return (await app.metrics.sum(REQUESTS).read()) + length
  })
  await expect(app.metrics.sum(REQUESTS)).toBe(total)
  return total
}

/** Does something while every worker holds a request: what was answered before is written by then, and nothing else is. */
export async function whileHeld<T>(app: App, act: () => Promise<T>): Promise<T> {
  const { length } = await app.workers.read()
  const held: HeldRequest[] = []
  while (held.length < length) held.push(await holdWorker(app))
  try {
    return await act()
  } finally {
    for (const request of held) await expectAnswer(request)
  }
}

/**
 * Stops an application so that its workers end one after the other: two that end at once can stop the master of 0.2.4 for
 * ever, since its handler of SIGCHLD waits for a lock that it holds itself. All but the idle ones, of which there is one at
 * most, are in the middle of a request, which must be answered all the same.
 */
export async function stopOneByOne(app: App, { idle = 1 }: { readonly idle?: 0 | 1 } = {}): Promise<void> {
  const workers = await app.workers.read()
  const held: HeldRequest[] = []
  while (held.length < workers.length - idle) held.push(await holdWorker(app))
  const stopped = app.stop('SIGTERM')
  // Where one is idle, its end shows that the signal has arrived.
  if (idle === 0) await expect(app.logs.lines(/Handling signal: term/)).toHaveSize(1)
  if (idle === 0) await expect(livingOf(workers)).toBe(workers, { holding: '100ms' })
  for (const [index, request] of held.entries()) {
    await expect(livingOf(workers)).toHaveSize(held.length - index)
    await expectAnswer(request)
  }
  await stopped
}

/** Lets a request that is held go on, and claims that it is answered. */
export async function expectAnswer(request: HeldRequest): Promise<void> {
  const answer = await request.release()
  await expect(measured('the answer to a request that was held', answer)).toBe('HTTP/1.1 200 OK')
}

/** Of some processes those that are alive. */
export function livingOf(pids: readonly number[]): Reading<readonly number[]> {
  const read = async () => {
    const states = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z ')),
    )
    return pids.filter((_, index) => !/\) [ZX] /.test(states[index] ?? ''))
  }
  return { describe: `which of ${pids.join(', ')} are alive`, read }
}

/**
 * Holds a worker: it has read the head of a request and says so (`100 Continue`), and waits for the body. Without any wait
 * for a time, the worker is busy for exactly as long as is wanted.
 */
export async function holdWorker(app: App): Promise<HeldRequest> {
  const wire = await openWire(app)
  const head = ['POST /echo HTTP/1.1', 'Host: held', `Content-Length: ${BODY.length}`, 'Expect: 100-continue']
  wire.write(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  const begun = await wire.first()
  if (begun !== BEGUN) throw new Error(`not taken by a worker: ${begun}`)
  return {
    async release() {
      wire.write(BODY)
      return statusLine((await wire.rest()).slice(BEGUN.length))
    },
    abandon: () => wire.leave(),
  }
}
