// What runs when a script imports 'shakedown'. It has the names of index.ts, from which types are read, and a test compares
// the two. A script pays for what it uses: only the core is loaded at once, everything else when it is called. What was
// compiled once is kept; where that cannot be written it is compiled again.
import { keepCompiled } from '../compile-cache.ts'
import { loaderOf } from '../lazy.ts'

const { load, lazily } = loaderOf(import.meta.url)

keepCompiled()

// First of all: from here on a mistake is told in the one format.
load('./escaped')
load<typeof import('./attach.ts')>('./attach').attach()

const bound = load<typeof import('../expect/bound.ts')>('../expect/bound')
const error = load<typeof import('../error.ts')>('../error')
const evicting = lazily<typeof import('../service/evict.ts')>('../service/evict')
const expiring = lazily<typeof import('../redis/ttl.ts')>('../redis/ttl')
const values = lazily<typeof import('../redis/values.ts')>('../redis/values')

// The core, as index.ts describes it.
const { about, above, atLeast, atMost, below, oneOf, within } = bound
const { Failure, PreflightError, ShakedownError, UsageError } = error
const { at } = load<typeof import('../reference.ts')>('../reference')
const { derive } = load<typeof import('../wait/reading.ts')>('../wait/reading')
const { expect } = load<typeof import('../expect/expect.ts')>('../expect/expect')
const { mode } = load<typeof import('../mode.ts')>('../mode')
const { period } = load<typeof import('../duration.ts')>('../duration')
const { scenario } = load<typeof import('../scenario/scenario.ts')>('../scenario/scenario')
const { secret } = load<typeof import('../redact.ts')>('../redact')
const { skip } = load<typeof import('../scenario/skip.ts')>('../scenario/skip')
const { step } = load<typeof import('../scenario/step.ts')>('../scenario/step')
const { workdir } = load<typeof import('../scenario/workdir.ts')>('../scenario/workdir')

// Everything else, loaded when it is called.
const $ = lazily<typeof import('../shell/command.ts')>('../shell/command')('$')
const command = lazily<typeof import('../redis/command.ts')>('../redis/command')('command')
const compose = lazily<typeof import('../services/compose.ts')>('../services/compose')('compose')
const deletions = lazily<typeof import('../redis/deletions.ts')>('../redis/deletions')('deletions')
const each = lazily<typeof import('../scenario/each.ts')>('../scenario/each')('each')
const etcd = lazily<typeof import('../services/etcd.ts')>('../services/etcd')('etcd')
const evict = evicting('evict')
const finding = lazily<typeof import('../scenario/finding.ts')>('../scenario/finding')('finding')
const freePort = evicting('freePort')
const gunicorn = lazily<typeof import('../services/gunicorn.ts')>('../services/gunicorn')('gunicorn')
const hash = values('hash')
const hashes = values('hashes')
const holderOf = evicting('holderOf')
const http = lazily<typeof import('../http/http.ts')>('../http/http')('createHttp')
const inProcess =
  lazily<typeof import('../service/in-process/run.ts')>('../service/in-process/run')('inProcess')
const info = values('info')
const keys = lazily<typeof import('../redis/keys.ts')>('../redis/keys')('keys')
const memory = values('memory')
const metrics = lazily<typeof import('../metrics/metrics.ts')>('../metrics/metrics')('createMetrics')
const prometheus = lazily<typeof import('../services/prometheus.ts')>('../services/prometheus')('prometheus')
const run = lazily<typeof import('./run-as-library.ts')>('./run-as-library')('run')
const promql = lazily<typeof import('../metrics/promql.ts')>('../metrics/promql')('createPromql')
const redis = lazily<typeof import('../services/redis.ts')>('../services/redis')('redis')
const service = lazily<typeof import('../services/service.ts')>('../services/service')('service')
const start = lazily<typeof import('../service/start.ts')>('../service/start')('start')
const startup = lazily<typeof import('../service/startup.ts')>('../service/startup')('startup')
const systemTest = lazily<typeof import('./system-test.ts')>('./system-test')('systemTest')
const traffic = lazily<typeof import('../traffic/traffic.ts')>('../traffic/traffic')('traffic')
const ttl = expiring('ttl')
const ttls = expiring('ttls')
const validate = lazily<typeof import('../metrics/validate.ts')>('../metrics/validate')('validate')

export {
  $,
  about,
  above,
  at,
  atLeast,
  atMost,
  below,
  command,
  compose,
  deletions,
  derive,
  each,
  etcd,
  evict,
  expect,
  Failure,
  finding,
  freePort,
  gunicorn,
  hash,
  hashes,
  holderOf,
  http,
  info,
  inProcess,
  keys,
  memory,
  metrics,
  mode,
  oneOf,
  PreflightError,
  period,
  prometheus,
  promql,
  redis,
  run,
  ShakedownError,
  scenario,
  secret,
  service,
  skip,
  start,
  startup,
  step,
  systemTest,
  traffic,
  ttl,
  ttls,
  UsageError,
  validate,
  within,
  workdir,
}
