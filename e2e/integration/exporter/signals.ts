import { appendFile } from 'node:fs/promises'
import { at, atLeast, derive, expect, finding, type Reading, step } from 'shakedown'
import { REQUESTS } from './families.ts'
import { countExactly, expectAnswer, type HeldRequest, holdWorker, livingOf } from './held.ts'
import { lookAtProcess } from './machine.ts'
import { type App, confusedIds, serveFromAll } from './workers.ts'

const RESTARTS = 'gunicorn_master_worker_restart_total'

/** Claims that the master does what each signal asks for, and counts it by its own reason. */
export async function verifySignals(app: App): Promise<void> {
  const proves = ['GUN-085', 'GUN-096', 'GUN-135', 'GUN-149', 'GUN-189']

  const { length } = await app.workers.read()
  const births = app.logs.lines(/Booting worker with pid/)
  const { length: born } = await births.read()

  await step('HUP replaces every worker and loses no count', { proves: [...proves, 'GUN-152'] }, async () => {
    await serveFromAll(app)
    const before = await app.workers.read()
    const served = await countExactly(app)
    // Whoever reloads has changed something.
    await appendFile(String(at`${app.dir}/gunicorn.conf.py`), "raw_env = ['SETTING=changed']\n")
    // All but one are busy, and end one after the other: two children of 0.2.4 that end at once can stop its master for ever.
    const held: HeldRequest[] = []
    while (held.length < length - 1) held.push(await holdWorker(app))
    await expectCounted(app, 'SIGHUP', async () => {
      for (const [index, request] of held.entries()) {
        await expect(livingOf(before)).toHaveSize(held.length - index)
        await expectAnswer(request)
      }
      await expect(app.workers).toBeDisjointFrom(before)
      await expect(app.workers).toHaveSize(length)
    })
    await expect(app.metrics.sum(REQUESTS)).toBe(served + held.length)
    await expect(app.get('/setting')).toRespond(200, { json: { setting: 'changed' } })
    await serveFromAll(app)
    await expect(confusedIds(app)).toEqual([])
  })

  await step('USR1 reopens the logs and keeps the workers', { proves }, async () => {
    const before = await app.workers.read()
    await expectCounted(app, 'SIGUSR1', () => expect(app.workers).toBe(before))
  })

  await step('TTIN adds a worker, TTOU takes one away', { proves }, async () => {
    const before = await app.workers.read()
    await expectCounted(app, 'SIGTTIN', async () => {
      await expect(app.workers).toHaveSize(length + 1)
      await expect(livingOf(before)).toBe(before)
    })
    const held: HeldRequest[] = []
    while (held.length <= length) held.push(await holdWorker(app))
    const all = await app.workers.read()
    await expectCounted(app, 'SIGTTOU', async () => {
      await expect(app.logs.lines(/Handling signal: ttou/)).toHaveSize(1)
      await expect(livingOf(all)).toBe(all, { holding: '50ms' })
      for (const request of held) await expectAnswer(request)
      await expect(app.workers).toHaveSize(length)
    })
    await expect(confusedIds(app)).toEqual([])
    await expectBeginnings(app)
    // All that were asked for, and none that had to replace one that nobody had told to end.
    await expect(births).toHaveSize(born + length + 1)
    await expect(app.workers).toHaveSize(length)
  })
}

/** When the master began to count each signal: at no other time than it lived, and at the same however often one asks. */
async function expectBeginnings(app: App): Promise<void> {
  const created = app.metrics.samples(RESTARTS.replace('_total', '_created'))
  const beginnings = derive(created, 'when the counts of signals began', (samples) => {
    const known = samples.filter(({ labels: { reason } }) => reason !== 'chld')
    return sortedMap(new Map(known.map(({ labels, value }) => [labels['reason'] ?? '', value])))
  })
  const early = derive(beginnings, 'counts that began when their master was not there', async (times) => {
    const now = Date.now() / 1000
    const born = now - (await lookAtProcess(await app.pid.read())).age
    return [...times].filter(([, time]) => !(time > born - 1 && time < now + 1))
  })
  const told = await beginnings.read()
  await Promise.all([expect(beginnings).toBe(told), expect(early).toEqual([])])
}

/** Claims that USR2 starts a second master beside the first one, and is counted. Afterwards both are stopped. */
export async function verifyUpgrade(app: App): Promise<void> {
  await step(
    'USR2 starts a second master and is counted',
    { proves: ['GUN-085', 'GUN-096', 'GUN-135', 'GUN-189'] },
    async () => {
      const { length } = await app.workers.read()
      await expectCounted(app, 'SIGUSR2', () => expect(app.children).toHaveSize(atLeast(length + 1)))
      await expect(app.get('/')).toRespond(200)
    },
  )

  await step('the second master has workers soon', { modes: ['full', 'ci'] }, async () => {
    const { length } = await app.workers.read()
    await finding(
      'after USR2 the new master has no workers for 20 s',
      {
        reason:
          'it tries to take the port of the metrics four times, which the old master holds, before it starts any',
        title: /^not as expected: workers of /,
        last: /^\[ \d+(, \d+)* \]$/,
      },
      () => expect(app.workers).toHaveSize(2 * length, { within: '5s' }),
    )
  })
}

/** Sends a signal and claims that its reason rises by one, no other but that for the children, and what else is expected. */
export async function expectCounted(
  app: App,
  signal: NodeJS.Signals,
  effect: () => Promise<void>,
): Promise<void> {
  const before = await restarts(app).read()
  const reason = signal.slice('SIG'.length).toLowerCase()
  await app.signal(signal)
  await effect()
  const wanted = new Map(before).set(reason, (before.get(reason) ?? 0) + 1)
  await expect(restarts(app)).toBe(sortedMap(wanted), { holding: '50ms' })
}

/** The counts by reason; `chld`, which counts signals of children that the kernel may have merged, left out. */
function restarts(app: App): Reading<ReadonlyMap<string, number>> {
  return derive(app.metrics.samples(), `${RESTARTS} by reason`, (samples) => {
    const counts = new Map<string, Set<number>>()
    for (const { name, labels, value } of samples) {
      const reason = labels['reason'] ?? ''
      if (name === RESTARTS && reason !== 'chld')
        counts.set(reason, (counts.get(reason) ?? new Set()).add(value))
    }
    // Each series stands there twice, once from memory and once from the store: both must say the same.
    return sortedMap(
      new Map(
        [...counts].map(([reason, values]) => [reason, values.size === 1 ? Math.max(...values) : Number.NaN]),
      ),
    )
  })
}

function sortedMap(map: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...map].sort(([one], [other]) => (one < other ? -1 : 1)))
}
