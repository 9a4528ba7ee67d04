import { derive, type gunicorn, type Reading } from 'shakedown'

/** The application under test, in whatever configuration. */
export type App = ReturnType<typeof gunicorn>

/** Long enough for requests to overlap; where they did not, there is another round. */
const SLOW = '/slow?seconds=0.05'

/** Who answered how many requests: by the pid of the worker, as it said itself. */
export type Served = ReadonlyMap<number, number>

/** So often a worker may be without a processor while others serve. */
const ROUNDS = 10

/**
 * Sends requests that overlap, so that every worker has to serve some: requests one after the other often all go to the
 * same worker. One that never serves is missing in what it gives.
 */
export async function serveFromAll(app: App, count = 6): Promise<Served> {
  const { length } = await app.workers.read()
  const served = new Map<number, number>()
  for (let round = 0; round < ROUNDS && served.size < length; round += 1) {
    const answers = await Promise.all(Array.from({ length: count }, () => app.get(SLOW).send()))
    for (const { json } of answers) {
      const pid = pidIn(json)
      served.set(pid, (served.get(pid) ?? 0) + 1)
    }
  }
  return served
}

/** More than each worker could serve alike: whoever gives one the numbers of another shows. */
export const UNEVEN = 7

/** Which worker_id belongs to which pid, as the gauges tell: they carry both. */
export function workerIds(app: App): Reading<ReadonlyMap<string, number>> {
  return derive(
    app.metrics.samples('gunicorn_worker_uptime_seconds'),
    'worker_id and pid of the gauges',
    (samples) => {
      const ids = samples.map(({ labels }) => [labels['worker_id'] ?? '', Number(labels['pid'])] as const)
      return new Map(ids)
    },
  )
}

/** A worker_id names one process, and a process has one: each one that does not, in words. Of the dead as well. */
export function confusedIds(app: App): Reading<readonly string[]> {
  return derive(
    app.metrics.samples('gunicorn_worker_uptime_seconds'),
    'worker_ids that do not name one process',
    (samples) => {
      const pairs = samples.map(({ labels: { worker_id: id = '', pid = '' } }) => ({ id, pid }))
      const told = pairs.flatMap(({ id, pid }) => {
        const pids = new Set(pairs.filter((pair) => pair.id === id).map((pair) => pair.pid))
        const ids = new Set(pairs.filter((pair) => pair.pid === pid).map((pair) => pair.id))
        return [
          ...(pids.size > 1 ? [`${id} is the name of the processes ${[...pids].sort().join(', ')}`] : []),
          ...(ids.size > 1 ? [`process ${pid} has the names ${[...ids].sort().join(', ')}`] : []),
        ]
      })
      return [...new Set(told)].sort()
    },
  )
}

/** What a metric says for each pid: its worker_id looked up in the gauges. */
export function byPid(app: App, metric: Reading<ReadonlyMap<string, number>>): Reading<Served> {
  return derive(metric, `${metric.describe}, by pid`, async (counts) => {
    const ids = await workerIds(app).read()
    const known = [...counts].flatMap(([id, count]) =>
      count === 0 ? [] : [[ids.get(id) ?? Number.NaN, count] as const],
    )
    return new Map(known.sort(([one], [other]) => one - other))
  })
}

/** The same in the order of the pids, for comparing. */
export function sorted(served: Served): Served {
  return new Map([...served].sort(([one], [other]) => one - other))
}

function pidIn(json: unknown): number {
  return typeof json === 'object' && json !== null && 'pid' in json ? Number(json.pid) : Number.NaN
}
