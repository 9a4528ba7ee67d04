#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../scripts/node" "$0" "$@"'
// Each image by itself: it is built, has its entrypoint's modes, a health check that tells, and stays inside of its limits.
import { readFile } from 'node:fs/promises'
import { $, atLeast, expect, scenario, service, start, startup, step } from 'shakedown'
import { needDocker } from './needs.ts'

const SIDECAR = 'fixtures/images/exporter_sidecar'
const APP = 'fixtures/apps/exporter'
const COMPOSE = 'fixtures/compose/exporter/compose.yaml'
const METRICS = { port: 9091, metrics: '/metrics' } as const

await scenario('the set-up for containers', { tags: ['docker'] }, async () => {
  await needDocker('python:3.11-slim')

  await step(
    'Docker runs, and the files that are built from are there',
    { proves: ['GUN-015', 'GUN-023'] },
    async () => {
      expect((await $`docker info --format ${'{{.ServerVersion}}'}`).stdout).toMatch(/^\d+\.\d+/)
      for (const folder of [SIDECAR, APP])
        expect(await readFile(`${folder}/Dockerfile`, 'utf8')).toMatch(/^FROM /m)
    },
  )

  await step('the Compose file is valid', { proves: ['GUN-015', 'GUN-024'] }, async () => {
    const { stdout } = await $`docker compose --file ${COMPOSE} config --services`
    expect(stdout.trim().split('\n').sort()).toEqual(['app', 'prometheus', 'redis', 'sidecar'])
  })
})

await scenario('the image of the sidecar', { tags: ['docker'], timeout: '10m' }, async () => {
  await needDocker('python:3.11-slim')

  await step(
    'standalone, it tells of itself, and its health check says so',
    { proves: ['GUN-014', 'GUN-037', 'GUN-038', 'GUN-039'] },
    async () => {
      const alone = service({
        name: 'standalone',
        build: SIDECAR,
        run: modeOf('standalone'),
        ...METRICS,
        ready: { healthy: true },
      })
      await start(alone)
      await expect(alone.metrics.value('gunicorn_sidecar_uptime_seconds')).toBe(atLeast(0))
      await expect(alone.metrics.value('gunicorn_sidecar_redis_connected')).toBe(0)
      await alone.stop()
    },
  )

  await step(
    'as a sidecar, it wants to know where the metrics are',
    { proves: ['GUN-014', 'GUN-038'] },
    async () => {
      const lost = service({ name: 'lost', build: SIDECAR, run: modeOf('sidecar'), ...METRICS })
      await expect(startup(lost)).toFail(/set PROMETHEUS_MULTIPROC_DIR to the folder of the application/)
      const placed = service({
        name: 'placed',
        build: SIDECAR,
        run: modeOf('sidecar'),
        ...METRICS,
        env: { PROMETHEUS_MULTIPROC_DIR: '/tmp/metrics' },
      })
      await start(placed)
      await expect(placed.metrics.value('gunicorn_sidecar_multiproc_files_count')).toBe(0)
    },
  )

  await step('its other modes answer and end', { proves: ['GUN-014', 'GUN-038'] }, async () => {
    const ends = (mode: string) =>
      service({ name: mode, build: SIDECAR, run: modeOf(mode), ready: { log: /^never$/ } })
    await expect(startup(ends('help'))).toFail(/serves both on PORT[\s\S]*/)
    await expect(startup(ends('health'))).toFail(/exit code 1[\s\S]*Connection refused/)
    await expect(startup(ends('sidekick'))).toFail(
      /unknown mode: sidekick; known are: sidecar, standalone, health, help/,
    )
  })
})

await scenario('the image of the application', { tags: ['docker'], timeout: '10m' }, async () => {
  await needDocker('python:3.11-slim')
  const app = service({
    build: APP,
    port: 8088,
    ports: { metrics: 9093 },
    env: { GUNICORN_WORKERS: 2, PROMETHEUS_METRICS_PORT: 9093 },
    ready: { http: '/health' },
    limits: { memory: '1GB', cpus: 2 },
  })

  await step(
    'by itself, it answers and counts',
    { proves: ['GUN-014', 'GUN-037', 'GUN-039', 'GUN-055'] },
    async () => {
      await start(app)
      await expect(app.get('/')).toRespond(200, { json: { message: 'hello' } })
      await expect(app.endpoint('metrics').metrics.sum('gunicorn_worker_requests_total')).toBe(atLeast(1))
    },
  )

  await step('TERM to its first process ends it in order', { proves: ['GUN-010', 'GUN-056'] }, async () => {
    await app.stop()
    await expect(app.state).toBe('stopped')
  })
})

/** The entrypoint of the image with one of its modes. */
function modeOf(mode: string): readonly string[] {
  return ['python3', '-u', '/app/sidecar.py', mode]
}
