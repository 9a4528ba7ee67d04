#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../scripts/node" "$0" "$@"'
// The exporter takes its configuration from a YAML file, lets variables win over it, and refuses what cannot work.
import { period, scenario, start } from 'shakedown'
import { appWithYaml } from './exporter/app.ts'
import { verifyInvalidConfigurations, verifyTakenPort } from './exporter/broken.ts'
import { verifyOrphans, verifyPatience, verifyStartAgain } from './exporter/endings.ts'
import { verifyAbort, verifyFailures } from './exporter/failures.ts'
import { stopOneByOne } from './exporter/held.ts'
import { settings } from './exporter/settings.ts'
import { verifyInterrupt } from './exporter/stopping.ts'
import { needOwnRedis, prefixOf, storeOfRun } from './exporter/store.ts'
import { verifyOverrides, verifyYamlAlone } from './exporter/yaml.ts'
import {
  redisFile,
  verifyNoTtl,
  verifyRedisOfTheFile,
  verifyRedisOverrides,
  verifyStored,
} from './exporter/yaml-redis.ts'

const WORKERS = 3
/** One alone ends without ever stopping its master, see stopOneByOne. */
const ALONE = 1
/** Seconds: far from those of the file. */
const TTL = 777

/** Neither that of the file, nor the one that is taken where nobody says anything. */
const DATABASE = 5
const database = settings.foreignRedis ? settings.redisDb : DATABASE

const valid = scenario('configured by YAML', { tags: ['p0', 'yaml'] }, async () => {
  const cache = storeOfRun('yaml-redis', { database: DATABASE })
  const alone = appWithYaml({ name: 'yaml-alone', file: 'redis-off.yml', folder: false, workers: ALONE })
  // It could reach that Redis, and what it wrote would stay: only REDIS_ENABLED keeps it away.
  const off = { cache, prefix: prefixOf('off') }
  const overridden = appWithYaml({
    name: 'yaml-overridden',
    file: 'redis-elsewhere.yml',
    env: { ...at(off), REDIS_ENABLED: false, REDIS_TTL_SECONDS: TTL },
    workers: WORKERS,
  })
  const store = { cache, prefix: prefixOf('yaml'), ttl: TTL }
  const stored = appWithYaml({
    name: 'yaml-redis-app',
    file: 'redis-elsewhere.yml',
    workers: ALONE,
    env: { ...at(store), REDIS_TTL_SECONDS: TTL },
  })
  const filed = { cache, database, prefix: prefixOf('filed'), ttl: TTL }
  const byFile = appWithYaml({ name: 'yaml-redis-alone', file: redisFile(filed) })
  await start(cache)
  const taken = verifyTakenPort(cache.port)
  await start(alone)
  await verifyYamlAlone(alone)
  await Promise.all([
    verifyPatience(alone),
    verifyOverrides(overridden, { ...off, workers: WORKERS })
      .then(() => verifyFailures(overridden))
      .then(() => verifyAbort(overridden)),
    verifyRedisOfTheFile(byFile, filed),
    verifyRedisOverrides(stored, store)
      .then(() => verifyFailures(stored))
      .then(() => verifyStored(store))
      .then(() => verifyInterrupt(stored, { cache, prefix: store.prefix, ttl: period(TTL * 1000) })),
  ])
  await stopOneByOne(overridden)
  await taken
})

const lasting = scenario('keeps keys for ever where it is told to', { tags: ['yaml', 'ttl'] }, async () => {
  needOwnRedis() // in somebody else's they would stay
  const cache = storeOfRun('lasting-redis', { database: DATABASE })
  const prefix = prefixOf('forever')
  const app = appWithYaml({
    name: 'yaml-forever',
    file: 'redis.yml',
    workers: ALONE,
    env: { ...at({ cache, prefix }), REDIS_TTL_DISABLED: true },
  })
  await start(cache, app)
  await verifyNoTtl(app, { cache, prefix })
  await verifyStartAgain(app)
  await verifyOrphans(app)
})

const invalid = scenario(
  'refuses a configuration that cannot work',
  { tags: ['yaml'] },
  verifyInvalidConfigurations,
)

/** The variables that say where an application shows its metrics, and where it keeps them. */
function at({ cache, prefix }: Place) {
  return {
    PROMETHEUS_BIND_ADDRESS: settings.bindAddress,
    REDIS_HOST: cache.host,
    REDIS_PORT: cache.port,
    REDIS_DB: database,
    REDIS_KEY_PREFIX: prefix,
  }
}

interface Place {
  readonly cache: ReturnType<typeof storeOfRun>
  readonly prefix: string
}

await Promise.all([valid, lasting, invalid])
