import { redis, skip } from 'shakedown'
import { settings } from './settings.ts'

/** How every key of this run begins in a Redis that others use, too. */
const OWN_KEYS = `shakedown-${process.pid}-`

/** What is wanted of a Redis of the script's own. */
interface Wanted {
  readonly port?: number | undefined
  readonly database?: number
}

/** A Redis of the script's own; with --no-redis the one that runs at REDIS_HOST:REDIS_PORT, below a prefix of this run. */
export function storeOfRun(name: string, { port, database }: Wanted = {}) {
  const { foreignRedis, redisHost, redisPort = 6379, redisDb } = settings
  if (foreignRedis)
    return redis({ name, at: `redis://${redisHost}:${redisPort}/${redisDb}`, prefix: OWN_KEYS })
  return redis({
    name,
    ...(port === undefined ? {} : { port }),
    ...(database === undefined ? {} : { database }),
  })
}

/** How the keys of an application begin: as documented, where nobody else is in that Redis. */
export function prefixOf(app: string): string {
  return settings.foreignRedis ? `${OWN_KEYS}${app}` : app
}

/** Skips the running step or scenario where it would take more of Redis than the keys of this run. */
export function needOwnRedis(): void {
  if (settings.foreignRedis) skip('with --no-redis the Redis belongs to somebody else')
}
