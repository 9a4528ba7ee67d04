import { expect, type prometheus, type redis, start, step } from 'shakedown'
import { OBSERVED, REQUESTS } from './families.ts'
import type { Store } from './redis-keys.ts'
import { settings } from './settings.ts'
import { plantForeignKeys } from './stored.ts'
import type { App } from './workers.ts'

interface Services {
  readonly cache: ReturnType<typeof redis>
  readonly app: App
  readonly prom: ReturnType<typeof prometheus>
}

/** Claims that Redis, gunicorn and Prometheus come up, and where the user or the documents want them. */
export async function verifyUp({ cache, app, prom }: Services, store: Store): Promise<void> {
  await step(
    'Redis, gunicorn and Prometheus come up',
    { proves: ['GUN-067', 'GUN-088', 'GUN-181', 'GUN-182', 'KIT-18'] },
    async () => {
      await start(cache, app, prom)
      if (!settings.foreignRedis) await plantForeignKeys(store)
      await expect(app.workers).toHaveSize(settings.workers)
      await expect(app.get('/')).toRespond(200, { json: { message: 'hello' } })
      // It is answered before it is counted: whatever is counted from now on must not find it on its way.
      await expect(app.metrics.sum(REQUESTS)).toBe(1)
      await expect(app.metrics.sum(OBSERVED)).toBe(1)
      await expect(prom.get('/-/ready')).toRespond(200)
    },
  )

  await step(
    'they listen on the documented ports',
    { proves: ['GUN-086', 'GUN-116', 'GUN-117', 'GUN-118', 'GUN-119', 'GUN-173'], modes: ['full', 'ci'] },
    async () => {
      const { appPort, metricsPort, redisPort, prometheusPort } = settings
      expect(portsOf({ cache, app, prom })).toBe([appPort, metricsPort, redisPort, prometheusPort])
    },
  )
}

/** Where they really are: what answered there was checked to be theirs when they came up. */
function portsOf({ cache, app, prom }: Services): readonly (number | undefined)[] {
  return [app.port, app.ports.metrics, cache.port, prom.port].map((port) => Number(port))
}
