#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../../scripts/node" "$0" "$@"'
// A CSV file that is uploaded comes out of the gateway: the four tests of the document, each with a pipeline of its own.
import { expect, scenario, start, step } from 'shakedown'
import { createPipeline, expectArrived, uploadFile } from './pipeline.ts'
import { batches, CLUSTER, DATA, QUEUE, waiting } from './proofs.ts'
import { distinct, readingsOf, sampleRows, toReading, writeCsv } from './sample.ts'
import { settings } from './settings.ts'

const SUITE = 'TestProcessE2ETestSuite'
const tags = ['p0', 'telemetry', 'integration']
const rows = sampleRows()
const base = `/telemetry/clusters/${CLUSTER}/`

await scenario(`${SUITE}/TestProcessHealthEndpoints`, { tags, requires: ['etcd'] }, async () => {
  const { store, upload, collect, api } = createPipeline({ ports: settings.ports })
  await start(store, upload, collect, api)

  await step(
    'every service is healthy',
    { proves: ['TEL-001', 'TEL-008', 'TEL-010', 'TEL-014', 'TEL-021', 'TEL-062', 'TEL-063', 'TEL-082'] },
    async () => {
      for (const [service, name] of [
        [upload, 'streamer'],
        [collect, 'collector'],
        [api, 'gateway'],
      ] as const) {
        const json = { status: 'healthy', service: name, cluster_id: CLUSTER, timestamp: /^\d{4}-.*Z$/ }
        await expect(service.get('/health')).toRespond(200, { json })
      }
      await expect(store.member(1).state).toBe('running')
    },
  )

  await step(
    'each is stopped and started by itself',
    { proves: ['TEL-003', 'TEL-015', 'TEL-016', 'TEL-017'] },
    async () => {
      for (const service of [upload, collect, api]) {
        await service.stop()
        await expect(service.state).toBe('stopped')
        await expect(service.get('/health')).toFail(/refused/)
        await service.start()
        await expect(service.get('/health')).toRespond(200)
      }
    },
  )

  await step('everything that they print is in one place', { proves: ['TEL-005', 'TEL-066'] }, async () => {
    await expect(upload.logs.lines(/streamer process-test-streamer listens on/)).toHaveSize(2)
    await expect(collect.logs.lines(/collector process-test-collector is ready/)).toHaveSize(2)
    await expect(api.logs.lines(/gateway process-test-gateway listens on/)).toHaveSize(2)
    await expect(api.logs.lines(/streamer|collector/)).toHaveSize(0)
  })
})

await scenario(`${SUITE}/TestProcessCSVUploadAndProcessing`, { tags, requires: ['etcd'] }, async () => {
  const pipeline = createPipeline({ ports: settings.ports })
  const { store, upload, collect, api } = pipeline
  await start(store, upload, api)

  await step(
    '1: the file is uploaded',
    { proves: ['TEL-007', 'TEL-022', 'TEL-052', 'TEL-053', 'TEL-078'] },
    async () => {
      await uploadFile(pipeline, writeCsv('gpus.csv', rows), rows.length)
    },
  )

  await step(
    '2: its rows wait in the queue',
    { proves: ['TEL-018', 'TEL-023', 'TEL-055', 'TEL-083'] },
    async () => {
      await expect(store.count(QUEUE)).toBe(rows.length)
      await expect(store.keys(QUEUE)).toHaveSize(rows.length)
      // The order of their keys is that of the file, and a batch is one transaction.
      await expect(waiting(store)).toEqual(rows.map(toReading))
      await expect(batches(store)).toEqual([5, 5])
    },
  )

  await step(
    '3: the collector stores them',
    { proves: ['TEL-009', 'TEL-019', 'TEL-024', 'TEL-056', 'TEL-057'] },
    async () => {
      await start(collect)
      await expect(store.count(QUEUE)).toBe(0)
      await expect(store.count(DATA)).toBe(rows.length)
    },
  )

  await step(
    '4: the gateway gives back what was in the file',
    { proves: ['TEL-012', 'TEL-020', 'TEL-025', 'TEL-026', 'TEL-038', 'TEL-039', 'TEL-058'] },
    () => expectArrived({ store, api }, rows),
  )
})

await scenario(`${SUITE}/TestProcessGatewayAPIEndpoints`, { tags, requires: ['etcd'] }, async () => {
  const pipeline = createPipeline({ ports: settings.ports })
  const { store, upload, collect, api } = pipeline
  await start(store, upload, collect, api)
  await uploadFile(pipeline, writeCsv('gpus.csv', rows), rows.length)
  await expect(store.count(DATA)).toBe(rows.length)
  const [uuid = ''] = distinct(rows, 'uuid')

  await step('GPUs, and which of them are too hot', { proves: ['TEL-027', 'TEL-064'] }, async () => {
    const status: Readonly<Record<string, string>> = { 'GPU-FEDCB-09876-54321': 'unhealthy' }
    const data = rows.slice(0, 5).map(({ uuid: own, gpu_id, Hostname, device }) => ({
      ...{ id: gpu_id, uuid: own, hostname: Hostname, device },
      status: status[own] ?? 'healthy',
    }))
    const sorted = [0, 1, 4, 2, 3].map((index) => data[index])
    await expect(api.get('/api/v1/gpus')).toRespond(200, { json: { success: true, count: 5, data: sorted } })
  })

  await step('hosts and clusters', { proves: ['TEL-028', 'TEL-029', 'TEL-036', 'TEL-037'] }, async () => {
    const hosts = [
      { hostname: 'test-host-1', gpu_count: 3 },
      { hostname: 'test-host-2', gpu_count: 2 },
    ]
    await expect(api.get('/api/v1/hosts')).toRespond(200, { json: { success: true, count: 2, data: hosts } })
    await expect(api.get('/api/v1/hosts/test-host-2/gpus')).toRespond(200, { json: { count: 2 } })
    await expect(api.get('/api/v1/hosts/nobody/gpus')).toRespond(404)
    const cluster = { id: CLUSTER, total_hosts: 2, total_gpus: 5, active_hosts: 2, active_gpus: 4 }
    await expect(api.get('/api/v1/clusters')).toRespond(200, { json: { count: 1, data: [cluster] } })
    await expect(api.get(`/api/v1/clusters/${CLUSTER}`)).toRespond(200, { json: { data: cluster } })
    const stats = { healthy_gpus: 4, unhealthy_gpus: 1 }
    await expect(api.get(`/api/v1/clusters/${CLUSTER}/stats`)).toRespond(200, { json: { data: stats } })
    await expect(api.get(`/api/v1/clusters/${CLUSTER}/hosts`)).toRespond(200, { json: { data: hosts } })
    await expect(api.get('/api/v1/clusters/another')).toRespond(404, { json: { success: false } })
  })

  await step('telemetry of a GPU, by time and number', { proves: ['TEL-030', 'TEL-031'] }, async () => {
    const path = `/api/v1/gpus/${uuid}/telemetry`
    const [newest, oldest] = readingsOf(rows, uuid)
    await expect(api.get(path)).toRespond(200, { json: { gpu_id: uuid, count: 2, data: [newest, oldest] } })
    await expect(api.get(`${path}?limit=1`)).toRespond(200, { json: { count: 1, data: [newest] } })
    const until = `${path}?end_time=${oldest?.timestamp}`
    await expect(api.get(until)).toRespond(200, { json: { count: 1, data: [oldest] } })
    const from = `${path}?start_time=${newest?.timestamp}`
    await expect(api.get(from)).toRespond(200, { json: { count: 1, data: [newest] } })
    await expect(api.get(`${path}?limit=1000`)).toRespond(200, { json: { count: 2 } })
    for (const wrong of ['limit=1001', 'limit=0', 'start_time=yesterday'])
      await expect(api.get(`${path}?${wrong}`)).toRespond(400, { json: { success: false } })
    await expect(api.get('/api/v1/gpus/GPU-none/telemetry')).toRespond(404)
    await expect(api.get('/api/v1/telemetry/latest')).toRespond(200, { json: { count: 5 } })
    await expect(api.get('/api/v1/telemetry?limit=3')).toRespond(200, { json: { count: 3 } })
  })

  await step('the same by GraphQL', { proves: ['TEL-011'] }, async () => {
    const query = `query($id: String!) {
      clusters { id name totalHosts totalGPUs activeHosts activeGPUs }
      telemetry(gpuId: $id, limit: 1) { uuid temperature powerDraw }
      gpus(hostname: "test-host-2") { uuid status }
      dashboard { gpus healthyGPUs hottest { uuid temperature } }
    }`
    const [newest] = readingsOf(rows, uuid)
    const data = {
      clusters: [{ id: CLUSTER, totalHosts: 2, totalGPUs: 5, activeHosts: 2, activeGPUs: 4 }],
      telemetry: [{ uuid, temperature: newest?.temperature, powerDraw: newest?.power_draw }],
      gpus: [{ status: 'unhealthy' }, { status: 'healthy' }],
      dashboard: { gpus: 5, healthyGPUs: 4, hottest: { uuid: 'GPU-FEDCB-09876-54321', temperature: 85 } },
    }
    await expect(api.post('/graphql', { json: { query, variables: { id: uuid } } })).toRespond(200, {
      json: { data },
    })
    await expect(api.post('/graphql', { text: 'nonsense' })).toRespond(400)
    const wrong = { query: '{ clusters { colour } }' }
    await expect(api.post('/graphql', { json: wrong })).toRespond(200, {
      json: { errors: [{ message: /colour/ }] },
    })
  })

  await step('its own description names every route', async () => {
    const paths = { '/api/v1/gpus/{id}/telemetry': { get: { summary: String } } }
    await expect(api.get('/swagger/openapi.json')).toRespond(200, { json: { openapi: '3.1.0', paths } })
    await expect(api.get('/swagger/')).toRespond(200, { text: /\/api\/v1\/hosts/ })
    await expect(api.get('/ws')).toRespond(400)
  })
})

await scenario(`${SUITE}/TestProcessDataPersistence`, { tags, requires: ['etcd'] }, async () => {
  const pipeline = createPipeline({ ports: settings.ports })
  const { store, upload, collect, api } = pipeline
  await start(store, upload, collect, api)
  await uploadFile(pipeline, writeCsv('gpus.csv', rows), rows.length)

  await step('hosts, GPUs and readings are in etcd', { proves: ['TEL-032'] }, async () => {
    await expect(store.count(`${base}hosts/`)).toBe(2 + 5)
    await expect(store.count(DATA)).toBe(rows.length)
    await expect(store.keys(`${base}hosts/`)).toEqual([
      ...[`${base}hosts/test-host-1`, ...[0, 1, 2].map((id) => `${base}hosts/test-host-1/gpus/${id}`)],
      ...[`${base}hosts/test-host-2`, ...[0, 1].map((id) => `${base}hosts/test-host-2/gpus/${id}`)],
    ])
  })

  await step('they outlive every service, and etcd’s own restart', async () => {
    await Promise.all([upload.stop(), collect.stop(), api.stop()])
    await store.restart()
    await api.start()
    await expectArrived({ store, api }, rows)
  })

  await step(
    'what the tests stored can be removed, and then is gone',
    { proves: ['TEL-077', 'TEL-092'] },
    async () => {
      await store.remove('/telemetry/')
      await expect(store.count('/telemetry/')).toBe(0)
      await expect(api.get('/api/v1/gpus')).toRespond(200, { json: { count: 0 } })
    },
  )
})
