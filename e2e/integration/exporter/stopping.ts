import { atLeast, derive, expect, hashes, keys, type Reading, step, traffic } from 'shakedown'
import { OBSERVED, REQUESTS } from './families.ts'
import { countExactly, stopOneByOne } from './held.ts'
import type { Store } from './redis-keys.ts'
import { type App, serveFromAll } from './workers.ts'

/** Claims that a request whose handler has begun is answered, also when the application is told to stop. */
export async function verifyTermUnderLoad(app: App): Promise<void> {
  await step(
    'TERM under load lets every request finish that has begun',
    { proves: ['GUN-010', 'GUN-190'] },
    async () => {
      const load = traffic(app, { paths: { '/': 1 }, connections: 4, for: '500ms', expect: 'errors' })
      await stopOneByOne(app, { idle: 0 })
      // What waited in the backlog is refused or reset: counted and shown, not promised.
      const sent = await load
      expect(sent.answered).toBe(sent.byStatus[200] ?? 0)
      await expect(app.state).toBe('stopped')
    },
  )
}

/** Claims that INT ends an application that has nothing to do, and that its workers write as their last word that they quit. */
export async function verifyInterrupt(app: App, store: Store): Promise<void> {
  await step(
    'INT ends the application, and its workers say that they quit',
    { proves: ['GUN-010', 'GUN-134', 'GUN-190'] },
    async () => {
      const before = await countExactly(app)
      const served = await serveFromAll(app)
      const count = [...served.values()].reduce((sum, one) => sum + one, 0)
      // INT in the middle of a write can hang a worker: everything must be written by then.
      await expect(app.metrics.sum(REQUESTS)).toBe(before + count)
      await expect(app.metrics.sum(OBSERVED)).toBe(before + count)
      await expect(keys(store.cache, `${store.prefix}:*`)).toHaveSize(atLeast(count))
      const workers = await app.workers.read()
      await app.stop('SIGINT')
      const said = ['restart_count_total', 'restart_total', 'state']
      const wanted = workers.flatMap((pid) => said.map((name) => `${pid}: gunicorn_worker_${name} 1`))
      await expect(lastWords(store)).toBe(wanted.sort())
      await expect(requestsIn(store)).toBe(before + count)
    },
  )
}

interface Stored {
  readonly pid: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The series that are in Redis: there is no page any more. */
function storedIn({ cache, prefix }: Store): Reading<readonly Stored[]> {
  return derive(hashes(cache, `${prefix}:*`), 'series in Redis', (found) =>
    [...found].flatMap(([key, { original_key: original }]) => {
      const [, , pid = '', kind] = key.slice(prefix.length - 1).split(':')
      if (kind !== 'meta' || original === undefined) return []
      const parts: unknown = JSON.parse(original)
      const [, name, labels = {}] = Array.isArray(parts) ? parts : []
      return [{ pid, name, labels, value: Number(found.get(key.replace(':meta:', ':metric:'))?.['value']) }]
    }),
  )
}

/** How many requests are counted in Redis. */
function requestsIn(store: Store): Reading<number> {
  return derive(storedIn(store), 'requests that Redis still knows of', (series) =>
    series.reduce((sum, { name, value }) => sum + (name === REQUESTS ? value : 0), 0),
  )
}

/** What the workers wrote as their last words: their state, and two counts of it. */
function lastWords(store: Store): Reading<readonly string[]> {
  return derive(storedIn(store), 'what workers said when they quit', (series) =>
    series
      .filter(({ labels }) => labels['state'] === 'quitting' || labels['reason'] === 'quit')
      .map(({ pid, name, value }) => `${pid}: ${name} ${value}`)
      .sort(),
  )
}
