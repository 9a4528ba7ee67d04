import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { umask } from 'node:process'
import {
  below,
  derive,
  expect,
  finding,
  oneOf,
  period,
  type Reading,
  type Reference,
  step,
  within,
} from 'shakedown'
import { REQUESTS } from './families.ts'
import { countExactly, livingOf, stopOneByOne } from './held.ts'
import { busyTime, idleWhile } from './machine.ts'
import { measured } from './measured.ts'
import { expectCounted } from './signals.ts'
import { type App, serveFromAll } from './workers.ts'

/** Bytes: a worker's series need some thousand, prometheus_client makes room for a million at first. */
const LARGEST = 4_000_000

/** Claims that each process that counted has its files, and that there are no others. */
export async function verifyFiles(app: App, folder: Reference<string>): Promise<void> {
  await step('each worker keeps a file a type', { proves: ['GUN-009', 'GUN-020'] }, async () => {
    await serveFromAll(app)
    const workers = await app.workers.read()
    const wanted = workers.flatMap((pid) => [
      `counter_${pid}.db`,
      `gauge_all_${pid}.db`,
      `histogram_${pid}.db`,
    ])
    await expect(filesIn(folder)).toBe(wanted.sort())
    const exposed = derive(
      filesIn(folder),
      'files that more may write or read than new files here',
      async (names) => {
        const modes = await Promise.all(names.map((name) => stat(join(String(folder), name))))
        return names.filter((_, index) => ((modes[index]?.mode ?? 0) & 0o777 & ~(0o666 & ~umask())) !== 0)
      },
    )
    await expect(exposed).toEqual([])
    const sizes = derive(filesIn(folder), 'bytes of the largest file', async (names) => {
      const all = await Promise.all(names.map((name) => stat(join(String(folder), name))))
      return Math.max(...all.map(({ size }) => size))
    })
    await expect(sizes).toBe(within(1, LARGEST))
  })
}

/** Claims that a worker that dies is replaced, and that no count is lost with it. */
export async function verifyWorkerDeath(app: App): Promise<void> {
  await step(
    'a worker that is killed is replaced, and what it counted stays',
    { proves: ['GUN-097'] },
    async () => {
      await serveFromAll(app)
      const before = await app.workers.read()
      // The master makes its own file when it counts its first signal; a worker that it forks at that very moment inherits
      // a lock that nobody will ever release. So it counts one first, for which it forks nobody.
      await expectCounted(app, 'SIGUSR1', () => expect(app.workers).toBe(before))
      const counted = await countExactly(app)
      const victim = await killWhileItServes(app)
      const known = before.includes(victim) ? 'a worker of before' : `process ${victim}`
      await expect(measured('who was killed', known)).toBe('a worker of before')
      const replaced = derive(app.workers, 'workers after one was killed', (pids) => {
        const kept = pids.filter((pid) => before.includes(pid)).length
        return `${kept} as before, ${pids.length - kept} new`
      })
      const all = async () => [await app.pid.read(), ...(await app.workers.read())]
      const idle = await idleWhile(all, () => expect(replaced).toBe(`${before.length - 1} as before, 1 new`))
      const what = 'time in which nobody was busy while another worker came up'
      await expect(measured(what, period(Math.max(idle, 0)))).toBe(below('3s'))
      await expect(app.metrics.sum(REQUESTS)).toBe(counted)
      const exits = app.metrics.distinct('gunicorn_master_worker_restart_total', { reason: 'chld' })
      await expect(exits).toBe(oneOf(1, 2))
    },
  )

  await step('the gauges of a dead worker go away', async () => {
    await finding(
      'values of a dead worker stay in its files',
      {
        reason: 'nothing removes the files of a worker that died: its gauges are exported for ever',
        title: /^not as expected: pids with an uptime that are no worker$/,
        last: /^"1 dead worker"$/,
      },
      () => expect(deadWithGauges(app)).toBe('none', { within: '100ms' }),
    )
  })
}

/** Claims that the files outlive the application: the exporter cleans up nothing. */
export async function verifyFilesStay(app: App, folder: Reference<string>): Promise<void> {
  await step('the files are still there after a clean stop', { proves: ['GUN-010', 'GUN-190'] }, async () => {
    const before = await filesIn(folder).read()
    const idle = await timeIdle(app, () => stopOneByOne(app))
    // Nobody waits for anything: what passes is computed, or waited for a processor.
    const what = 'time in which nobody was busy while the application stopped'
    await expect(measured(what, period(Math.max(idle, 0)))).toBe(below('3s'))
    await expect(app.state).toBe('stopped')
    const kept = derive(filesIn(folder), 'files of before that are still there', (files) =>
      before.filter((file) => files.includes(file)),
    )
    await expect(kept).toBe(before)
  })
}

/** Milliseconds of what passes until the application has ended in which neither it nor we were busy. */
async function timeIdle(app: App, stop: () => Promise<void>): Promise<number> {
  const pids = [await app.pid.read(), ...(await app.workers.read()), 'self'] as const
  const before = await Promise.all(pids.map((pid) => busyTime([pid])))
  const busy = pids.map(() => 0)
  const began = performance.now()
  const alive = derive(livingOf(pids.slice(0, 1).map(Number)), 'the master', async (found) => {
    for (const [index, pid] of pids.entries()) {
      const now = (await busyTime([pid])) - (before[index] ?? 0)
      busy[index] = Math.max(busy[index] ?? 0, now)
    }
    return found
  })
  await Promise.all([stop(), expect(alive).toEqual([], { within: '60s' })])
  return performance.now() - began - 1000 * busy.reduce((sum, one) => sum + one, 0)
}

/** Kills a worker in the middle of a request; gives its pid. The request has no answer, so nobody may count it. */
async function killWhileItServes(app: App): Promise<number> {
  const begins = app.logs.lines(/slow request begins in \d+/)
  const { length } = await begins.read()
  const unanswered = app
    .get('/slow?seconds=60')
    .send()
    .then(showStatus, () => 'no answer')
  await expect(begins).toHaveSize(length + 1)
  const victim = Number(/\d+$/.exec((await begins.read()).at(-1) ?? '')?.[0])
  process.kill(victim, 'SIGKILL')
  const got = measured('what whoever was served by the killed worker got', await unanswered)
  await expect(got).toBe('no answer')
  return victim
}

function showStatus({ status }: { readonly status: number }): string {
  return `answered with ${status}`
}

function filesIn(folder: Reference<string>): Reading<readonly string[]> {
  return {
    describe: 'files of the metrics',
    read: async () => (await readdir(String(folder))).filter((name) => name.endsWith('.db')).sort(),
  }
}

function deadWithGauges(app: App): Reading<string> {
  return derive(
    app.metrics.labels('gunicorn_worker_uptime_seconds', 'pid'),
    'pids with an uptime that are no worker',
    async (pids) => {
      const alive = await app.workers.read()
      const dead = pids.filter((pid) => !alive.includes(Number(pid))).length
      return dead === 0 ? 'none' : `${dead} dead worker${dead === 1 ? '' : 's'}`
    },
  )
}
