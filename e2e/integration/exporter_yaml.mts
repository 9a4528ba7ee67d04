#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../scripts/node" "$0" "$@"'
// The exporter takes its configuration from a YAML file, lets variables win over it, and refuses what cannot work.
import { period, scenario, start } from 'shakedown'
import { appWithYaml } from './exporter/app.ts'
import { verifyInvalidConfigurations, verifyTakenPort } from './exporter/broken.ts'
import { stopOneByOne } from './exporter/held.ts'
import { verifyInterrupt } from './exporter/stopping.ts'
import { needOwnRedis, prefixOf, storeOfRun } from './exporter/store.ts'
import { verifyNoTtl, verifyOverrides, verifyRedisOverrides, verifyYamlAlone } from './exporter/yaml.ts'

const WORKERS = 3
/** One alone ends without ever stopping its master, see stopOneByOne. */
const ALONE = 1
const TTL = 77

const valid = scenario('configured by YAML', { tags: ['p0', 'yaml'] }, async () => {
  const cache = storeOfRun('yaml-redis')
  const alone = appWithYaml({ name: 'yaml-alone', file: 'basic.yml', folder: false, workers: ALONE })
  const overridden = appWithYaml({
    name: 'yaml-overridden',
    file: 'basic.yml',
    env: { GUNICORN_WORKERS: WORKERS },
    workers: WORKERS,
  })
  const store = { cache, prefix: prefixOf('yaml'), ttl: TTL }
  const stored = appWithYaml({
    name: 'yaml-redis-app',
    file: 'redis.yml',
    workers: ALONE,
    env: {
      REDIS_HOST: cache.host,
      REDIS_PORT: cache.port,
      REDIS_KEY_PREFIX: store.prefix,
      REDIS_TTL_SECONDS: TTL,
    },
  })
  await start(cache)
  const taken = verifyTakenPort(cache.port)
  await start(alone, overridden, stored)
  await verifyYamlAlone(alone)
  await verifyOverrides(overridden, WORKERS)
  await verifyRedisOverrides(stored, store)
  await verifyInterrupt(stored, { cache, prefix: store.prefix, ttl: period(TTL * 1000) })
  await taken
  await stopOneByOne(overridden)
})

const lasting = scenario('keeps keys for ever where it is told to', { tags: ['yaml', 'ttl'] }, async () => {
  needOwnRedis() // in somebody else's they would stay
  const cache = storeOfRun('lasting-redis')
  const prefix = prefixOf('forever')
  const app = appWithYaml({
    name: 'yaml-forever',
    file: 'redis.yml',
    workers: ALONE,
    env: {
      REDIS_HOST: cache.host,
      REDIS_PORT: cache.port,
      REDIS_KEY_PREFIX: prefix,
      REDIS_TTL_DISABLED: true,
    },
  })
  await start(cache, app)
  await verifyNoTtl(app, { cache, prefix })
})

const invalid = scenario(
  'refuses a configuration that cannot work',
  { tags: ['yaml'] },
  verifyInvalidConfigurations,
)

await Promise.all([valid, lasting, invalid])
