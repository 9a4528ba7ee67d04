import { redis } from 'shakedown'
import { settings } from './settings.ts'

/** A Redis of the script's own; with --no-redis the one that runs at REDIS_HOST:REDIS_PORT, below a prefix of this run. */
export function storeOfRun(name: string, port?: number) {
  return redis({ name, ...(port === undefined ? {} : { port }) })
}

/** How the keys of an application begin: as documented, where nobody else is in that Redis. */
export function prefixOf(app: string): string {
  return settings.foreignRedis ? `shakedown-${process.pid}-${app}` : app
}
