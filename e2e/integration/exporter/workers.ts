import { readFile } from 'node:fs/promises'
import { derive, type gunicorn, type Reading } from 'shakedown'

/** The application under test, in whatever configuration. */
export type App = ReturnType<typeof gunicorn>

const SLOW = '/slow?seconds=0.15'
const PAGE = 4096
const TICKS = 100

/** Who answered how many requests: by the pid of the worker, as it said itself. */
export type Served = ReadonlyMap<number, number>

/**
 * Sends requests that overlap, so that every worker has to serve some: requests one after the other often all go to the
 * same worker.
 */
export async function serveFromAll(app: App, count = 6): Promise<Served> {
  const answers = await Promise.all(Array.from({ length: count }, () => app.get(SLOW).send()))
  const served = new Map<number, number>()
  for (const { json } of answers) {
    const pid = pidIn(json)
    served.set(pid, (served.get(pid) ?? 0) + 1)
  }
  return served
}

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

/** How long a process has been alive, in seconds, and what it has in memory, in bytes: what the kernel says. */
export async function lookAtProcess(pid: number): Promise<{ readonly age: number; readonly memory: number }> {
  const [stat, statm, uptime] = await Promise.all(
    [`/proc/${pid}/stat`, `/proc/${pid}/statm`, '/proc/uptime'].map((path) => readFile(path, 'utf8')),
  )
  // The name in brackets may have blanks in it; the 22nd field is the start, in ticks since boot.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  const age = Number(uptime?.split(' ')[0]) - Number(fields[19]) / TICKS
  return { age, memory: Number(statm?.split(' ')[1]) * PAGE }
}

function pidIn(json: unknown): number {
  return typeof json === 'object' && json !== null && 'pid' in json ? Number(json.pid) : Number.NaN
}
