import { at, derive, expect, hashes, keys, type Reference, start, step, within } from 'shakedown'
import type { MetricsPlace } from './app.ts'
import { REQUESTS } from './families.ts'
import { listeners } from './machine.ts'
import { type App, serveFromAll } from './workers.ts'

/** What `serveFromAll` sends to one worker. */
const SERVED = 6

/** What a file says about gunicorn itself, as the variables that it becomes: none is what it is without them. */
const GUNICORN = { GUNICORN_WORKERS: 1, GUNICORN_TIMEOUT: 61, GUNICORN_KEEPALIVE: 7 } as const

/** Where an application that is configured by YAML keeps its metrics. */
export interface YamlStore {
  readonly cache: Reference<string> & { readonly host: Reference<string>; readonly port: Reference<number> }
  readonly prefix: string
  readonly ttl: number
}

/** Starts the application, and claims that its Redis is where the variables say, not the file, with their prefix and TTL. */
export async function verifyRedisOverrides(app: App, store: YamlStore): Promise<void> {
  await step(
    'variables win over the Redis section of the file',
    { proves: ['GUN-022', 'GUN-123', 'GUN-124', 'GUN-125', 'GUN-126'] },
    async () => {
      // One that looks for its Redis where the file says does not come up.
      await start(app)
      await serveFromAll(app)
      await expectStored(store)
    },
  )
}

/** Claims that everything that is known by now expires, what is known of failures as well. */
export async function verifyStored(store: YamlStore): Promise<void> {
  await step('what is known of failures expires as the rest', { proves: ['GUN-095'] }, () => expectTtl(store))
}

/** Claims that every key was written with the TTL, and not long ago. */
async function expectTtl({ cache, prefix, ttl }: YamlStore): Promise<void> {
  await expect(keys(cache, `${prefix}:*`)).toHaveTtl(within(`${Math.round(ttl / 2)}s`, `${ttl}s`))
}

async function expectStored(store: YamlStore): Promise<void> {
  const { cache, prefix } = store
  await expectTtl(store)
  const counts = hashes(cache, `${prefix}:counter:*:metric:*`)
  const stored = derive(counts, 'requests counted in Redis', (found) =>
    [...found.values()].reduce((sum, { value }) => sum + Number(value), 0),
  )
  await expect(stored).toBe(SERVED)
}

/** A file that says all of it: where metrics are shown, where Redis is, how keys begin, and how long they live. */
export function redisFile({ cache, database, prefix, ttl }: YamlStore & { readonly database: number }) {
  return ({ host, ports }: MetricsPlace): Reference<string> => at`exporter:
  prometheus:
    metrics_port: ${ports.metrics}
    bind_address: ${host}
  gunicorn:
    workers: ${GUNICORN.GUNICORN_WORKERS}
    timeout: ${GUNICORN.GUNICORN_TIMEOUT}
    keepalive: ${GUNICORN.GUNICORN_KEEPALIVE}
  redis:
    enabled: true
    host: ${cache.host}
    port: ${cache.port}
    db: ${database}
    key_prefix: ${prefix}
    ttl_seconds: ${ttl}
    ttl_disabled: false
`
}

/** Starts the application, and claims that its page and its keys are where its file says, with prefix and TTL of the file. */
export async function verifyRedisOfTheFile(app: App, store: YamlStore): Promise<void> {
  await step('a file that says everything is enough', { proves: ['GUN-022', 'GUN-025'] }, async () => {
    await start(app)
    await serveFromAll(app)
    await expectStored(store)
    await expect(app.metrics.sum(REQUESTS)).toBe(SERVED)
    const wanted = [app.port, app.ports.metrics].map((port) => `127.0.0.1:${port} by the master and a child`)
    await expect(listeners(app)).toBe(wanted.sort())
    await expect(app.workers).toHaveSize(GUNICORN.GUNICORN_WORKERS)
    const told = Object.entries(GUNICORN).map(([name, value]) => [name, String(value)])
    await expect(app.get('/setting')).toRespond(200, { json: Object.fromEntries(told) })
  })
}

/** Claims that keys stay for ever where expiry is switched off. */
export async function verifyNoTtl(app: App, { cache, prefix }: Omit<YamlStore, 'ttl'>): Promise<void> {
  await step('REDIS_TTL_DISABLED keeps keys for ever', { proves: ['GUN-127'] }, async () => {
    await serveFromAll(app)
    await expect(keys(cache, `${prefix}:*`)).toHaveNoTtl()
  })
}
