#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../scripts/node" "$0" "$@"'
// Metrics that gunicorn's workers keep in Redis are right, are scraped by Prometheus, survive signals, and expire by themselves.
import { freePort, mode, period, prometheus, scenario, skip, start } from 'shakedown'
import { appInRedis } from './exporter/app.ts'
import { AMOUNTS, verifyCounting } from './exporter/counting.ts'
import { verifyDurations, verifyNoMoreThanPassed } from './exporter/durations.ts'
import { verifyAging, verifyExpiry, verifyKeysStay } from './exporter/expiry.ts'
import { verifyGauges } from './exporter/gauges.ts'
import { verifyRenewal } from './exporter/histogram.ts'
import { verifyHousehold } from './exporter/household.ts'
import { verifyHangingRedis, verifyOutage, verifyStartWithoutRedis } from './exporter/outage.ts'
import { verifyFirstPage, verifyMetrics } from './exporter/page.ts'
import { verifyRedis } from './exporter/redis-keys.ts'
import { verifyScraped } from './exporter/scraped.ts'
import { settings, words } from './exporter/settings.ts'
import { verifySignals } from './exporter/signals.ts'
import { verifyTermUnderLoad } from './exporter/stopping.ts'
import { needOwnRedis, prefixOf, storeOfRun } from './exporter/store.ts'
import { plantForeignKeys } from './exporter/stored.ts'
import { verifyUp } from './exporter/up.ts'
import { serveFromAll } from './exporter/workers.ts'

const { ttl, shortTtl, scrapeInterval, appPort, metricsPort, redisPort, prometheusPort } = settings

/** Workers of an application that is not about workers: one alone ends without ever stopping its master, see stopOneByOne. */
const ALONE = 1

const metrics = scenario('metrics in Redis', { tags: ['p0', 'redis', 'prometheus'] }, async () => {
  const cache = storeOfRun('redis', { port: redisPort })
  const prefix = prefixOf('gunicorn')
  const store = { cache, prefix, ttl }
  const app = appInRedis({ name: 'app', cache, ttl, prefix, ports: { app: appPort, metrics: metricsPort } })
  const prom = prometheus({
    scrape: [app],
    every: words(scrapeInterval),
    ...(prometheusPort === undefined ? {} : { port: prometheusPort }),
  })
  await verifyUp({ cache, app, prom }, store)
  await verifyCounting(app, AMOUNTS.redis)
  await verifyDurations(app)
  await verifyHousehold(app, [cache])
  await verifySignals(app)
  await verifyScraped(prom, app)
  await verifyTermUnderLoad(app)
  await verifyKeysStay(store)
})

const page = scenario('what the page says, and the keys', { tags: ['p0', 'redis'] }, async () => {
  const cache = storeOfRun('page-redis')
  const prefix = prefixOf('page')
  const store = { cache, prefix, ttl }
  const app = appInRedis({ name: 'page-app', ...store })
  await start(cache)
  if (!settings.foreignRedis) await plantForeignKeys(store)
  await start(app)
  await verifyFirstPage(app)
  await verifyMetrics(app)
  await verifyRedis(app, store)
  await verifyGauges(app)
  await verifyRenewal(app, store)
})

const expiry = scenario('metrics expire by themselves', { tags: ['p0', 'redis', 'ttl'] }, async () => {
  const cache = storeOfRun('short-redis')
  const prefix = prefixOf('short')
  const app = appInRedis({ name: 'short-lived', cache, ttl: shortTtl, prefix, workers: ALONE })
  await start(cache, app)
  await verifyExpiry(app, { cache, prefix, ttl: shortTtl })
})

const outage = scenario('Redis goes away and comes back', { tags: ['p0', 'redis', 'faults'] }, async () => {
  needOwnRedis()
  const cache = storeOfRun('lost-redis')
  const app = appInRedis({ name: 'bereft', cache, ttl, prefix: prefixOf('bereft'), workers: ALONE })
  await start(cache, app)
  await serveFromAll(app)
  await verifyNoMoreThanPassed(app, [cache])
  const nowhere = { REDIS_PORT: await freePort() }
  await Promise.all([
    verifyOutage(app, cache),
    verifyStartWithoutRedis(
      appInRedis({ name: 'orphan', cache, ttl, prefix: prefixOf('orphan'), env: nowhere }),
    ),
  ])
})

const aging = scenario('a histogram grows old', { tags: ['redis', 'ttl'] }, async () => {
  if (mode.name === 'quick') skip('not looked at in quick: it takes one TTL of steady traffic')
  const cache = storeOfRun('aging-redis')
  const store = { cache, prefix: prefixOf('aging'), ttl: period(10_000) }
  const app = appInRedis({ name: 'aging', ...store, workers: ALONE })
  await start(cache, app)
  await verifyAging(app, store)
  if (!settings.foreignRedis) await verifyHangingRedis(app, cache)
})

await Promise.all([metrics, page, expiry, outage, aging])
