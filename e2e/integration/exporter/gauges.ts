import { derive, expect, finding, oneOf, type Reading, step, within } from 'shakedown'
import { expectAnswer, type HeldRequest, holdWorker } from './held.ts'
import { lookAtProcess } from './machine.ts'
import { type App, confusedIds, serveFromAll, workerIds } from './workers.ts'

/** gunicorn takes the second before it forks: it may be busy meanwhile. */
const BIRTH = 5
/** Seconds that the master computes for the sake of its gauge: ten of the kernel's ticks. */
const BUSY = 0.1
/** Percent of the same time that one tick is, with as much again: a process may have begun it before. */
const ONE_TICK = 20

/** Claims that gauges say what the machine itself says about the process. */
export async function verifyGauges(app: App): Promise<void> {
  await step('every worker shows its gauges', { proves: ['GUN-131', 'GUN-132', 'GUN-133'] }, async () => {
    await serveFromAll(app)
    const workers = await app.workers.read()
    const gauges = ['memory_bytes', 'cpu_percent', 'uptime_seconds']
    await Promise.all(gauges.map((name) => expect(gaugePids(app, `gunicorn_worker_${name}`)).toBe(workers)))
  })

  await step('a worker_id names one process, born when it says', { proves: ['GUN-090'] }, async () => {
    await Promise.all([expect(confusedIds(app)).toEqual([]), expect(misnamed(app)).toEqual([])])
  })

  await step('uptime is the age of the process', { proves: ['GUN-133'] }, async () => {
    const workers = await app.workers.read()
    const before = await Promise.all(workers.map(lookAtProcess))
    await serveFromAll(app)
    const after = await Promise.all(workers.map(lookAtProcess))
    // Taken when the last request began; both clocks are read to a second.
    const claims = workers.map((pid, index) => {
      const [low, high] = [(before[index]?.age ?? 0) - 1, (after[index]?.age ?? 0) + 1]
      const uptime = app.metrics.value('gunicorn_worker_uptime_seconds', { pid: String(pid) })
      return expect(uptime).toBe(within(low, high))
    })
    await Promise.all(claims)
  })

  await step('running workers say so', { proves: ['GUN-134'] }, async () => {
    const states = app.metrics.samples('gunicorn_worker_state')
    const workers = await app.workers.read()
    const told = derive(states, 'states of the workers', (samples) => [
      ...new Set(samples.map(({ labels, value }) => `${labels['state']} ${value}`)),
    ])
    await Promise.all([
      expect(told).toBe(['running 1']),
      expect(gaugePids(app, 'gunicorn_worker_state')).toBe(workers),
      expect(misdated(app)).toEqual([]),
    ])
  })

  await step('memory is that of the process', { proves: ['GUN-131'] }, async () => {
    const answer = await expect(app.get('/memory?mb=64')).toRespond(200, { json: { pid: Number } })
    await serveFromAll(app)
    await expect(whoseMemory(app, answer.json.pid)).toBe(oneOf('the worker', 'the master'))
    await finding(
      'memory is that of the master',
      {
        reason: 'the exporter asks psutil for its process before gunicorn has forked the worker',
        title:
          /^not as expected: whose memory gunicorn_worker_memory_bytes shows for the worker with 64 MB more$/,
        last: /^"the master"$/,
      },
      () => expect(whoseMemory(app, answer.json.pid)).toBe('the worker', { within: '100ms' }),
    )
  })

  await verifyProcessorTime(app)
  await verifyNobodyElsesTime(app)
}

/** Claims that the processor time is what the kernel says: of the master, as its memory is. Keeps the master busy meanwhile. */
async function verifyProcessorTime(app: App): Promise<void> {
  await step('processor time is what the kernel says', { proves: ['GUN-132'] }, async () => {
    const master = await app.pid.read()
    const workers = await app.workers.read()
    await askEach(app, workers.length)
    const [began, before] = [performance.now(), await lookAtProcess(master)]
    let after = before
    while (after.computed - before.computed < BUSY) {
      await app.metrics.text().read()
      after = await lookAtProcess(master)
    }
    // Each is asked once: the gauge is about the time since the worker's last request.
    await askEach(app, workers.length)
    const percent = (100 * (after.computed - before.computed) * 1000) / (performance.now() - began)
    const claims = workers.map((pid) => {
      const told = app.metrics.value('gunicorn_worker_cpu_percent', { pid: String(pid) })
      return expect(told).toBe(within(percent / 10, percent * 10))
    })
    await Promise.all(claims)
  })
}

/** Claims that the processor time is nobody else's: we are busy ourselves meanwhile. */
async function verifyNobodyElsesTime(app: App): Promise<void> {
  await step("processor time is nobody else's", { proves: ['GUN-132'] }, async () => {
    const [master, workers] = await Promise.all([app.pid.read(), app.workers.read()])
    await askEach(app, workers.length)
    const [began, before] = [performance.now(), await lookAtProcess(master)]
    while (performance.now() - began < 1000 * BUSY);
    await askEach(app, workers.length)
    const own = (await lookAtProcess(master)).computed - before.computed
    const percent = (100 * own * 1000) / (performance.now() - began)
    const claims = workers.map((pid) => {
      const told = app.metrics.value('gunicorn_worker_cpu_percent', { pid: String(pid) })
      // Zero is right here, and one as well: that it tells anything at all is claimed in the step before.
      return expect(told, { trusted: 'that it moves is claimed by the step before' }).toBe(
        within(0, percent + ONE_TICK),
      )
    })
    await Promise.all(claims)
  })
}

/** Lets each worker begin and end one request: those that are held cannot take another. */
async function askEach(app: App, workers: number): Promise<void> {
  const held: HeldRequest[] = []
  while (held.length < workers) held.push(await holdWorker(app))
  for (const request of held) await expectAnswer(request)
}

/** The ids of the workers that are alive and do not tell which worker it is, and when it was born. */
function misnamed(app: App): Reading<readonly string[]> {
  return derive(workerIds(app), 'worker_ids that say something wrong', async (ids) => {
    const workers = await app.workers.read()
    const told = workers.map(async (pid) => {
      const named = [...ids].flatMap(([id, owner]) => (owner === pid ? [id] : []))
      const { age } = await lookAtProcess(pid)
      const born = Date.now() / 1000 - age
      return named.flatMap((id) => {
        const [, second] = /^worker_[1-9]\d*_(\d+)$/.exec(id) ?? []
        if (second === undefined) return [`${id} is not worker_<number>_<second of its birth>`]
        const isOf = Math.abs(Number(second) - born) < BIRTH
        return isOf ? [] : [`${id} names the process ${pid}, which was born at ${Math.floor(born)}`]
      })
    })
    return (await Promise.all(told)).flat()
  })
}

/** The states of the workers that are alive which say a time at which their worker was not, each in words. */
function misdated(app: App): Reading<readonly string[]> {
  const states = app.metrics.samples('gunicorn_worker_state')
  return derive(states, 'states at a time at which their worker was not', async (samples) => {
    const now = Date.now() / 1000
    const told = samples.map(async ({ labels: { pid, state, timestamp } }) => {
      const born = now - (await lookAtProcess(Number(pid))).age
      const isAlive = Number(timestamp) > born - BIRTH && Number(timestamp) < now + 1
      return isAlive ? [] : [`${pid} was ${state} at ${timestamp}, born at ${Math.floor(born)}`]
    })
    return (await Promise.all(told)).flat()
  })
}

/** The pids that a gauge has a value for. */
function gaugePids(app: App, name: string): Reading<readonly number[]> {
  return derive(app.metrics.labels(name, 'pid'), `pids of ${name}`, (pids) =>
    pids.map(Number).sort((one, other) => one - other),
  )
}

/** Compares the gauge of a worker with what the kernel says about the worker, and about its master. */
function whoseMemory(app: App, pid: number): Reading<string> {
  const gauge = app.metrics.value('gunicorn_worker_memory_bytes', { pid: String(pid) })
  return derive(
    gauge,
    'whose memory gunicorn_worker_memory_bytes shows for the worker with 64 MB more',
    async (bytes) => {
      const [worker, master] = await Promise.all([lookAtProcess(pid), app.pid.read().then(lookAtProcess)])
      if (Math.abs(bytes / worker.memory - 1) < 0.2) return 'the worker'
      if (Math.abs(bytes / master.memory - 1) < 0.2) return 'the master'
      return `nobody: ${bytes} bytes, the worker has ${worker.memory}, the master ${master.memory}`
    },
  )
}
