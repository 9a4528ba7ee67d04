#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../../scripts/node" "$0" "$@"'
// The same pipeline in every way in which it can run: as functions, as processes, side by side, and somewhere else.
import { env } from 'node:process'
import { $, at, below, etcd, expect, http, period, scenario, start, step } from 'shakedown'
import { createCollector, createPipeline, expectArrived, type Pipeline, uploadFile } from './pipeline.ts'
import { DATA } from './proofs.ts'
import { makeRows, sampleRows, writeCsv } from './sample.ts'

const tags = ['p1', 'telemetry', 'ways']
const requires = ['etcd']
const rows = sampleRows()

await scenario('as functions and as processes', { tags, requires }, async () => {
  for (const as of ['function', 'process'] as const) {
    const proves = ['TEL-001', 'TEL-002', 'TEL-004', 'TEL-013']
    await step(`as a ${as}: up in seconds, and the same comes out`, { proves }, async () => {
      const pipeline = createPipeline({ as, upload: { 'log-level': 'debug' } })
      const { store, upload, collect, api } = pipeline
      const began = performance.now()
      await start(store, upload, collect, api)
      const took = period(performance.now() - began)
      expect(took, { trusted: 'our own clock' }).toBe(below('30s'))
      await uploadFile(pipeline, writeCsv('gpus.csv', rows), rows.length)
      await expectArrived(pipeline, rows)
      // Its batch size and its level came as flags, etcd's address by the environment.
      await expect(upload.logs.lines(/ debug published batch of 5$/)).toHaveSize(2)
      await Promise.all([upload.stop(), collect.stop(), api.stop()])
    })
  }
})

await scenario('two pipelines side by side', { tags, requires }, async () => {
  const [one, two] = [createPipeline(), createPipeline({ as: 'process' })]
  const other = makeRows(20, '2024-05-01T00:00:00Z')
  await start(...servicesOf(one), ...servicesOf(two))

  await step(
    'neither knows of the other',
    { proves: ['TEL-065', 'TEL-066', 'TEL-076', 'TEL-079', 'TEL-080'] },
    async () => {
      const ports = [one, two].flatMap(({ upload, collect, api }) =>
        [upload, collect, api].map(({ port }) => Number(port)),
      )
      expect(new Set(ports), { trusted: 'what the services were given, and answer on' }).toHaveSize(6)
      await Promise.all([
        uploadFile(one, writeCsv('one.csv', rows), rows.length),
        uploadFile(two, writeCsv('two.csv', other), other.length),
      ])
      await expectArrived(one, rows)
      await expectArrived(two, other)
    },
  )

  await step('two clusters share an etcd, each with its own queue', { proves: ['TEL-080'] }, async () => {
    const apart = { cluster: 'another-cluster', flags: { 'message-queue-prefix': '/another/queue' } }
    const stranger = createCollector(one.store, { ...apart, name: 'stranger' })
    await start(stranger)
    await uploadFile(one, writeCsv('more.csv', other), other.length)
    await expectArrived(one, [...rows, ...other])
    await expect(one.store.count('/telemetry/clusters/another-cluster/')).toBe(0)
    await expect(stranger.metrics.value('collector_messages_total')).toBe(0)
  })
})

await scenario('etcd can be looked into', { tags, requires: ['etcd', 'etcdctl'] }, async () => {
  const pipeline = createPipeline()
  const { store } = pipeline
  await start(...servicesOf(pipeline))
  await uploadFile(pipeline, writeCsv('gpus.csv', rows), rows.length)
  await expect(store.count(DATA)).toBe(rows.length)

  await step('with its own tool', { proves: ['TEL-091', 'TEL-093'] }, async () => {
    const ctl = ['etcdctl', '--endpoints', `${store.endpoints}`]
    await expect($`ETCDCTL_API=3 ${ctl} endpoint health`).toExit(0, { stderr: /^$|is healthy/ })
    await expect($`ETCDCTL_API=3 ${ctl} get --prefix --keys-only ${DATA}`).toExit(0, {
      stdout: /test-host-1_0_\d{13}/,
    })
  })
})

await scenario('a pipeline that runs elsewhere', { tags, requires }, async () => {
  const { STREAMER_URL, GATEWAY_URL, ETCD_ENDPOINTS } = env
  const here = createPipeline({ as: 'process' })
  if (STREAMER_URL === undefined) await start(...servicesOf(here))
  const there = {
    upload: http(at`${STREAMER_URL ?? here.upload.url}`),
    api: http(at`${GATEWAY_URL ?? here.api.url}`),
    store: etcd({ at: ETCD_ENDPOINTS ?? here.store.endpoints }),
  }

  await step('is tested by its addresses alone', async () => {
    await uploadFile(there, writeCsv('gpus.csv', rows), rows.length)
    await expectArrived(there, rows)
  })
})

function servicesOf({ store, upload, collect, api }: Pipeline) {
  return [store, upload, collect, api] as const
}
