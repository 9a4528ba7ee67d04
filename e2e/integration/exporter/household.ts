import { atMost, below, derive, expect, period, type Reading, start, step, within } from 'shakedown'
import { leftOnDisk } from './disk.ts'
import { OBSERVED, REQUESTS } from './families.ts'
import { whileHeld } from './held.ts'
import {
  addedNice,
  busyTime,
  computedTime,
  idleWhile,
  listeners,
  lookAtProcess,
  unlikeTheirMaster,
  zombies,
} from './machine.ts'
import { measured } from './measured.ts'
import { settings } from './settings.ts'
import { needOwnRedis } from './store.ts'
import type { App } from './workers.ts'

/** What a request may leave in memory, on an average, and what a worker takes for itself the first time, in bytes. */
const MEMORY = { request: 50_000, worker: 4_000_000 } as const
/** What so many scrapes may leave in the master: a thread or two that are still ending, and memory for the next ones. */
const SCRAPES = { count: 10, things: 4, memory: 8_000_000 } as const

/** What the workers of an application hold at one moment. */
export interface Holdings {
  /** Seconds. */
  readonly computed: number
  readonly memory: number
  readonly things: ReadonlyMap<number, Things>
}

/** What a process has of which there is not enough for every request to leave one. */
interface Things {
  readonly files: number
  readonly threads: number
  /** Seconds that children have computed. */
  readonly children: number
}

/** What the application waits for while it answers, and its processes: time in which they are busy is no idle time. */
export interface Helper {
  readonly pid: Reading<number>
}

/** Starts an application, and claims that it waits for nothing on its way. */
export async function verifyStart(app: App): Promise<void> {
  await step('the application comes up as fast as it computes', { proves: ['GUN-078'] }, async () => {
    await start(app)
    // Until it has workers the master is alone: what it does not compute, it waits for.
    const master = await app.pid.read()
    const [{ age }, busy] = await Promise.all([lookAtProcess(master), busyTime([master])])
    const workers = await Promise.all((await app.workers.read()).map(lookAtProcess))
    const idle = age - Math.max(...workers.map((worker) => worker.age)) - busy
    const what = 'time in which nobody was busy while the application came up'
    await expect(measured(what, period(Math.max(idle, 0) * 1000))).toBe(below('2s'))
  })
}

/** Claims that nobody waits longer because a worker has served nobody before. Nothing may have been asked before. */
export async function verifyFirstRequests(app: App): Promise<void> {
  await step('the first requests wait for nothing', { proves: ['GUN-080'] }, async () => {
    const { length } = await app.workers.read()
    // Held until each worker has one: whichever it takes is its first.
    const all = async () => [await app.pid.read(), ...(await app.workers.read())]
    const idle = await idleWhile(all, () => whileHeld(app, async () => {}))
    const what = 'time in which nobody was busy while each worker answered its first request'
    await expect(measured(what, period(Math.max(idle, 0)))).toBe(below('1s'))
    await expect(app.metrics.sum(REQUESTS)).toBe(length)
    await expect(app.metrics.sum(OBSERVED)).toBe(length)
  })
}

/** Claims that the application is its processes and its ports, and nothing besides, and that it waits for nothing. */
export async function verifyHousehold(app: App, helpers: readonly Helper[] = []): Promise<void> {
  await step(
    'nothing else is alive, and nothing else listens',
    { proves: ['GUN-078', 'GUN-121'] },
    async () => {
      const workers = await app.workers.read()
      await expect(derive(app.children, 'processes below the master', inOrder)).toBe(workers)
      await expect(zombies(app)).toEqual([])
      const wanted = [`127.0.0.1:${app.port}`, `${settings.bindAddress}:${app.ports.metrics}`]
      await expect(listeners(app)).toBe(
        wanted.map((address) => `${address} by the master and a child`).sort(),
      )
      // Metrics are for the inside: the application's own port knows nothing of them.
      await expect(app.get('/metrics')).toRespond(404)
    },
  )

  await step('each worker is what its master is', { proves: ['GUN-078'] }, async () => {
    await expect(app.workers).toHaveSize(settings.workers)
    await expect(unlikeTheirMaster(app)).toEqual([])
    await expect(derive(app.pid, 'nice of the master, less that of its parent', addedNice)).toBe(0)
  })

  await step('nothing is left on the disk', { proves: ['GUN-151'] }, async () => {
    await expect(leftOnDisk(app)).toEqual([])
  })

  await step('an answer takes as long as the work for it', { proves: ['GUN-080'] }, async () => {
    if (helpers.length > 0) needOwnRedis() // of somebody else's we cannot know how busy it is
    const pids = [...(await app.workers.read()), ...(await Promise.all(helpers.map(({ pid }) => pid.read())))]
    for (const asked of [
      { path: '/', status: 200 },
      { path: '/missing', status: 404 },
      { path: '/error', status: 500 },
    ]) {
      const idle: number[] = []
      for (let look = 0; look < 7; look += 1) idle.push(await measureIdleWait(app, pids, asked))
      const [longest = Number.NaN, , , median = Number.NaN] = idle.sort((one, other) => other - one)
      // Only what nobody computed and nobody waited for a processor: a slow machine does not count.
      const what = `time in which nobody was busy while ${asked.path} waited for its answer`
      await expect(measured(`${what}, mostly`, period(Math.max(median, 0) * 1000))).toBe(atMost('200ms'))
      await expect(measured(`${what}, at most`, period(Math.max(longest, 0) * 1000))).toBe(atMost('700ms'))
    }
  })
}

/** What the processes of an application hold now: to be compared after a load. */
export async function watchHoldings(app: App): Promise<Holdings> {
  const workers = await app.workers.read()
  const [computed, ...facts] = await Promise.all([computedTime(workers), ...workers.map(lookAtProcess)])
  return {
    computed,
    memory: facts.reduce((sum, { memory }) => sum + memory, 0),
    things: new Map(facts.map((things, index) => [workers[index] ?? 0, things])),
  }
}

/** What a request may compute at most, as a part of what it took to start the master: a twentieth is usual with Redis. */
const DEAREST = 0.2

interface Load {
  readonly before: Holdings
  /** Everything that was in the log. */
  readonly lines: readonly string[]
  readonly requests: number
}

/** Claims that requests that were answered have left nothing: no line in the log, no open file, no connection, no memory. */
export async function verifyLeavesNothing(app: App, { before, lines, requests }: Load): Promise<void> {
  await step('a load leaves nothing behind', { proves: ['GUN-151'] }, async () => {
    const what = 'lines that requests without a fault left in the log'
    const logged = derive(app.logs.lines(/./), what, (now) =>
      now.length < lines.length
        ? [`${lines.length - now.length} fewer than before`]
        : now.slice(lines.length),
    )
    await expect(logged).toEqual([])
    await expect(moreThings(app, before)).toEqual([])
    await expectNoMoreMemory(app, { before, requests })
    // The same processor has started the master: a slow one is slow for both.
    const started = await computedTime([await app.pid.read()])
    const cost = derive(app.workers, 'what a request computes, in parts of a start', async (workers) => {
      return ((await computedTime(workers)) - before.computed) / requests / started
    })
    await expect(cost).toBe(within(Number.EPSILON, DEAREST))
  })
}

/** Claims that workers have not grown by more than what so many requests may leave, however much came with them. */
export async function expectNoMoreMemory(app: App, { before, requests }: Omit<Load, 'lines'>): Promise<void> {
  const { length } = await app.workers.read()
  const memory = derive(app.workers, 'bytes that the workers have grown by', async () => {
    return (await watchHoldings(app)).memory - before.memory
  })
  await expect(memory).toBe(atMost(length * MEMORY.worker + requests * MEMORY.request))
}

function moreThings(app: App, before: Holdings): Reading<readonly string[]> {
  return derive(app.workers, 'what workers have more of than before the load', async () => {
    const now = await watchHoldings(app)
    return [...now.things].flatMap(([pid, { files, threads, children }]) => {
      const had = before.things.get(pid) ?? { files: 0, threads: 0, children: 0 }
      return [
        ...(files > had.files
          ? [`worker ${pid} had ${had.files} open files and connections, now ${files}`]
          : []),
        ...(threads > had.threads ? [`worker ${pid} had ${had.threads} threads, now ${threads}`] : []),
        ...(children > had.children ? [`worker ${pid} has had children that computed ${children} s`] : []),
      ]
    })
  })
}

/** Claims that scrapes leave nothing in the master, of an application that nobody else scrapes meanwhile. */
export async function verifyScrapesLeaveNothing(app: App): Promise<void> {
  await step('scrapes leave nothing behind', { proves: ['GUN-151'] }, async () => {
    const master = await app.pid.read()
    const before = await lookAtProcess(master)
    for (let scrape = 0; scrape < SCRAPES.count; scrape += 1) await app.metrics.text().read()
    const grown = (what: 'files' | 'threads' | 'memory') =>
      derive(app.pid, `${what} of the master, more than before ${SCRAPES.count} scrapes`, async (pid) => {
        return (await lookAtProcess(pid))[what] - before[what]
      })
    await expect(grown('files')).toBe(atMost(SCRAPES.things))
    await expect(grown('threads')).toBe(atMost(SCRAPES.things))
    await expect(grown('memory')).toBe(atMost(SCRAPES.memory))
    const { computed } = await lookAtProcess(master)
    // Its main thread has started it; scrapes are answered by others.
    const cost = (computed - before.computed) / SCRAPES.count / (await computedTime([master]))
    await expect(measured('what a scrape computes, in parts of a start', cost)).toBe(
      within(Number.EPSILON, DEAREST),
    )
  })
}

interface Asked {
  readonly path: string
  readonly status: number
}

/** Sends a request; of the time until its answer, in seconds, what neither we nor the application was busy. */
async function measureIdleWait(app: App, pids: readonly number[], { path, status }: Asked): Promise<number> {
  const before = await busyTime([...pids, 'self'])
  const began = performance.now()
  await expect(app.get(path)).toRespond(status)
  const passed = (performance.now() - began) / 1000
  return passed - ((await busyTime([...pids, 'self'])) - before)
}

function inOrder(pids: readonly number[]): readonly number[] {
  return [...pids].sort((one, other) => one - other)
}
