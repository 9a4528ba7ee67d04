import { resolve } from 'node:path'
import { gunicorn, type Reference } from 'shakedown'
import { seconds, settings } from './settings.ts'
import type { App } from './workers.ts'

/** The application's sources, where it runs. */
export const FOLDER = 'fixtures/apps/exporter'
const COMMON = {
  GUNICORN_WORKERS: settings.workers,
  PYTHONDONTWRITEBYTECODE: 1,
  PROMETHEUS_BIND_ADDRESS: settings.bindAddress,
  GRACEFUL_TIMEOUT: 25,
} as const

/** The master serves the metrics, before there are workers: both must be there, and be ours. The first page is for the script. */
const METRICS_READY = [{ tcp: true, port: 'metrics' }] as const

interface RedisAppOptions {
  readonly name: string
  readonly cache: { readonly host: Reference<string>; readonly port: Reference<number> }
  readonly ttl: { readonly seconds: number }
  /** How its keys begin: one application a prefix. Without a colon, which the exporter 0.2.4 cannot read back. */
  readonly prefix: string
  readonly workers?: number
  readonly env?: Readonly<Record<string, string | number | boolean>>
  /** The documented ports are for one application only. */
  readonly ports?: { readonly app: number | undefined; readonly metrics: number | undefined }
}

/** The application with its metrics in Redis. */
export function appInRedis(options: RedisAppOptions): App {
  const { name, cache, ttl, prefix, env = {}, ports, workers = settings.workers } = options
  return gunicorn({
    name,
    in: FOLDER,
    config: 'redis.conf.py',
    app: 'app:app',
    ...(ports?.app === undefined ? {} : { port: ports.app }),
    ...(ports?.metrics === undefined
      ? {}
      : { ports: { metrics: { env: 'PROMETHEUS_METRICS_PORT', fixed: ports.metrics } } }),
    ready: METRICS_READY,
    env: ({ dir }) => ({
      ...COMMON,
      HOME: dir,
      TMPDIR: dir,
      GUNICORN_WORKERS: workers,
      REDIS_ENABLED: true,
      REDIS_HOST: cache.host,
      REDIS_PORT: cache.port,
      REDIS_DB: settings.redisDb,
      REDIS_KEY_PREFIX: prefix,
      REDIS_TTL_SECONDS: seconds(ttl),
      REDIS_TTL_DISABLED: false,
      ...env,
    }),
  })
}

/** Where the application with files keeps them, and what it writes about requests, in its own folder. */
export const METRICS_FOLDER = 'metrics'
export const ACCESS_LOG = 'access.log'

/** The application with its metrics in memory-mapped files, in a fresh folder. */
export function appInFiles(name: string): App {
  return gunicorn({
    name,
    in: FOLDER,
    config: 'files.conf.py',
    app: 'app:app',
    ready: METRICS_READY,
    env: ({ dir }) => ({
      ...COMMON,
      HOME: dir,
      TMPDIR: dir,
      REDIS_ENABLED: false,
      PROMETHEUS_MULTIPROC_DIR: `${dir}/${METRICS_FOLDER}`,
      ACCESS_LOG: `${dir}/${ACCESS_LOG}`,
    }),
  })
}

/** Where an application is to show its metrics. */
export interface MetricsPlace {
  readonly host: string
  readonly ports: { readonly metrics: number }
}

interface YamlAppOptions {
  readonly name: string
  /** A file in fixtures/configs; or what is in it, which then says where the metrics are shown. */
  readonly file: string | ((place: MetricsPlace) => Reference<string>)
  readonly env?: Readonly<Record<string, string | number | boolean | Reference>>
  readonly args?: readonly (string | Reference)[]
  /** True: metrics are shown where the file says, not at a port that is free. */
  readonly portOfFile?: boolean
  /** What the file says where it is not given. */
  readonly workers?: number
  /** False: where the files are kept is left to the YAML file, as documented. */
  readonly folder?: boolean
}

/** How a file is called that was written for one application. */
const YAML_FILE = 'exporter.yml'

/** What the user may have set for the other applications, and would win over the file. */
const TAKEN_AWAY = {
  GUNICORN_WORKERS: undefined,
  PROMETHEUS_METRICS_PORT: undefined,
  PROMETHEUS_BIND_ADDRESS: undefined,
  REDIS_HOST: undefined,
  REDIS_PORT: undefined,
  REDIS_DB: undefined,
  REDIS_KEY_PREFIX: undefined,
  REDIS_TTL_SECONDS: undefined,
}

/** The application, configured by a YAML file; variables win over the file, but only those that are given here. */
export function appWithYaml({
  name,
  file,
  env = {},
  args = [],
  portOfFile = typeof file !== 'string',
  folder = true,
  workers,
}: YamlAppOptions): App {
  return gunicorn({
    name,
    in: FOLDER,
    config: 'yaml.conf.py',
    app: 'app:app',
    args,
    ...(typeof file === 'string' ? {} : { files: { [YAML_FILE]: file } }),
    ...(portOfFile ? { ports: { metrics: '' } } : {}),
    env: ({ dir }) => ({
      ...TAKEN_AWAY,
      PYTHONDONTWRITEBYTECODE: 1,
      GRACEFUL_TIMEOUT: 25,
      ...(workers === undefined ? {} : { GUNICORN_WORKERS: workers }),
      // Without a folder the exporter makes one of its own in the home folder.
      HOME: dir,
      PROMETHEUS_CONFIG_FILE:
        typeof file === 'string' ? resolve('fixtures/configs', file) : `${dir}/${YAML_FILE}`,
      ...(folder ? { PROMETHEUS_MULTIPROC_DIR: `${dir}/${METRICS_FOLDER}` } : {}),
      ...env,
    }),
  })
}
