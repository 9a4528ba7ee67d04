#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../scripts/node" "$0" "$@"'
// A Compose stack as it is deployed: the application, a sidecar that serves its metrics, Redis, and a Prometheus that scrapes both.
import { readFile } from 'node:fs/promises'
import {
  $,
  atLeast,
  below,
  compose,
  derive,
  expect,
  promql,
  scenario,
  service,
  start,
  step,
  traffic,
} from 'shakedown'
import { needDocker, needImage } from './needs.ts'

const FILE = 'fixtures/compose/exporter/compose.yaml'
const DASHBOARD = 'fixtures/dashboards/gunicorn.json'
const REQUESTS = 'gunicorn_worker_requests_total'
const GRAFANA = 'grafana/grafana:11.1.0'
const GIGABYTE = 1024 ** 3

await scenario(
  'the exporter in a Compose stack',
  { tags: ['docker', 'compose'], timeout: '10m' },
  async () => {
    await needDocker('redis:7', 'prom/prometheus:v2.53.3', 'python:3.11-slim')
    const stack = compose(FILE, {
      services: {
        app: { within: '3m' },
        sidecar: { within: '3m', metrics: '/metrics' },
        redis: {},
        prometheus: { ready: { http: '/-/ready' } },
      },
    })
    const { app, sidecar, redis, prometheus } = stack.services
    const prom = promql(prometheus.url)

    await step(
      'images are built, and containers come up in the order of the file',
      {
        proves: ['GUN-002', 'GUN-012', 'GUN-024', 'GUN-030', 'GUN-048', 'GUN-050', 'GUN-063', 'KIT-11'],
      },
      async () => {
        await start(stack)
        await expect(app.get('/')).toRespond(200, { json: { message: 'hello' } })
        for (const one of [app, sidecar, redis, prometheus]) await expect(one.state).toBe('running')
      },
    )

    await step(
      'the sidecar serves the metrics of the workers, and its own',
      { proves: ['GUN-013', 'GUN-031', 'GUN-034'] },
      async () => {
        await expect(samplesOf('gunicorn_worker_')).toHaveSize(atLeast(10))
        await expect(samplesOf('gunicorn_sidecar_')).toHaveSize(atLeast(4))
        await expect(sidecar.metrics.value('gunicorn_sidecar_redis_connected')).toBe(1)
        await expect(sidecar.metrics.value('gunicorn_sidecar_multiproc_files_count')).toBe(atLeast(3))
      },
    )

    await step(
      'every request to the one container is counted by the other',
      { proves: ['GUN-032', 'GUN-055'] },
      async () => {
        const counted = await sidecar.metrics.sum(REQUESTS).fromNow()
        const sent = await traffic(app, { paths: { '/': 1, '/missing': 1 }, rate: '50/s', for: '1s' })
        await expect(counted).toBe(sent.total)
      },
    )

    await step(
      'Prometheus finds both by name, and says the same as they',
      { proves: ['GUN-033', 'GUN-053', 'GUN-055', 'GUN-056'] },
      async () => {
        await expect(prom.target('http://sidecar:9091/metrics')).toBe('up')
        await expect(prom.target('http://app:9093/metrics')).toBe('up')
        const now = await sidecar.metrics.sum(REQUESTS).read()
        await expect(prom.query(`sum(${REQUESTS}{job="sidecar"})`)).toBe(now)
      },
    )

    await step('every expression of the dashboard has data', { proves: ['GUN-054'] }, async () => {
      for (const { title, expression } of await readDashboard()) {
        await expect(prom.vector(expression)).toHaveSize(atLeast(1))
        expect(title).toMatch(/./)
      }
    })

    await step('limits are those that the engine keeps', { proves: ['GUN-056'] }, async () => {
      const id = (await $`docker ps --quiet --filter publish=${Number(app.port)}`).stdout.trim()
      const format = '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}'
      const { stdout } = await $`docker inspect --format ${format} ${id}`
      expect(stdout.trim()).toBe(`${GIGABYTE} 2000000000`)
      await expect(app.usage.rss).toBe(below(GIGABYTE))
    })

    await step(
      'without Redis the sidecar says so, and goes on',
      { proves: ['GUN-034', 'GUN-035', 'GUN-036', 'GUN-052'] },
      async () => {
        await redis.kill()
        await expect(sidecar.metrics.value('gunicorn_sidecar_redis_connected')).toBe(0)
        await expect(samplesOf('gunicorn_worker_')).toHaveSize(atLeast(10))
        await redis.start()
        await expect(sidecar.metrics.value('gunicorn_sidecar_redis_connected')).toBe(1)
      },
    )

    function samplesOf(prefix: string) {
      return derive(sidecar.metrics.exposition(), `samples that begin with ${prefix}`, ({ samples }) =>
        samples.map(({ name }) => name).filter((name) => name.startsWith(prefix)),
      )
    }
  },
)

await scenario('the dashboard in Grafana', { tags: ['docker', 'grafana'] }, async () => {
  await needDocker()
  await needImage(GRAFANA)
  const grafana = service({
    image: GRAFANA,
    port: 3000,
    env: { GF_AUTH_ANONYMOUS_ENABLED: true, GF_AUTH_ANONYMOUS_ORG_ROLE: 'Admin' },
    ready: { http: '/api/health' },
  })
  await start(grafana)
  await step('takes it as it is', { proves: ['GUN-054'] }, async () => {
    const dashboard: unknown = JSON.parse(await readFile(DASHBOARD, 'utf8'))
    await expect(
      grafana.post('/api/dashboards/db', {
        json: { dashboard: { ...Object(dashboard), id: null }, overwrite: true },
      }),
    ).toRespond(200, { json: { status: 'success' } })
  })
})

interface Panel {
  readonly title: string
  readonly targets: readonly { readonly expr: string }[]
}

/** The expressions of the dashboard, each with the title of its panel. */
async function readDashboard() {
  const { panels }: { readonly panels: readonly Panel[] } = JSON.parse(await readFile(DASHBOARD, 'utf8'))
  return panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expression: expr })))
}
