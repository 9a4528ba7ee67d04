#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../../scripts/node" "$0" "$@"'
// Every row arrives exactly once, whoever dies on its way: two collectors, a killed one, etcd's leader, the streamer.
import { atLeast, expect, scenario, start, step } from 'shakedown'
import { createCollector, createPipeline, expectArrived, uploadFile } from './pipeline.ts'
import { acknowledged, batches, between, DATA, disordered, QUEUE, stored, timesWritten } from './proofs.ts'
import { makeRows, writeCsv } from './sample.ts'

const tags = ['p0', 'telemetry', 'delivery']
const rows = makeRows(500)

await scenario(
  'in order, and once, with one collector and with two',
  { tags, requires: ['etcd'] },
  async () => {
    const pipeline = createPipeline({ batch: 50 })
    const { store, upload, collect, api } = pipeline
    const other = createCollector(store, { name: 'collector-b', flags: { 'batch-size': 30 } })
    await start(store, upload, collect, api)

    await step(
      'one collector takes them in the order of their keys',
      { proves: ['TEL-056', 'TEL-083'] },
      async () => {
        await uploadFile(pipeline, writeCsv('first.csv', rows), rows.length)
        await expectArrived(pipeline, rows)
        await expect(batches(store)).toEqual(Array.from({ length: 10 }, () => 50))
        for (const [keys, count] of [
          [acknowledged(store), rows.length],
          [stored(store, 'test-host-1_0'), rows.length / 5],
        ] as const) {
          await expect(disordered(keys)).toEqual([])
          await expect(keys).toHaveSize(count)
        }
      },
    )

    await step('two collectors store none of them twice', async () => {
      const more = makeRows(500, '2024-02-01T00:00:00Z')
      await collect.stop()
      await uploadFile(pipeline, writeCsv('second.csv', more), more.length)
      await start(other)
      await collect.start()
      await expectArrived(pipeline, [...rows, ...more])
      await expect(other.logs.lines(/stored batch/)).toHaveSize(atLeast(1))
    })

    await step('the same file again changes nothing', async () => {
      await uploadFile(pipeline, writeCsv('first.csv', rows), rows.length)
      await expect(store.count(QUEUE)).toBe(0)
      await expect(timesWritten(store)).toEqual({ once: 1000 })
    })
  },
)

await scenario(
  'the collector is killed between store and acknowledge',
  { tags, requires: ['etcd'] },
  async () => {
    const collecting = { 'ack-interval': '60s' }
    const pipeline = createPipeline({ as: 'process', batch: 50, collect: collecting })
    const { store, upload, collect, api } = pipeline
    const heir = createCollector(store, { as: 'process', name: 'collector-b' })
    await start(store, upload, collect, api)

    await step('everything is delivered again, and stored once', { proves: ['TEL-086'] }, async () => {
      await uploadFile(pipeline, writeCsv('rows.csv', rows), rows.length)
      await expect(between(store)).toBe(rows.length)
      await collect.kill()
      await expect(store.count(QUEUE)).toBe(rows.length)
      await start(heir)
      await expectArrived(pipeline, rows)
      await expect(heir.metrics.value('collector_duplicates_total')).toBe(rows.length)
      await expect(heir.metrics.value('collector_stored_total')).toBe(0)
    })
  },
)

await scenario(
  'the leader of etcd dies under load, and the streamer in the middle of an upload',
  { tags, requires: ['etcd'] },
  async () => {
    const pipeline = createPipeline({ members: 3, as: 'process', batch: 20 })
    const { store, upload, collect, api } = pipeline
    await start(store, upload, collect, api)

    await step(
      'an upload goes on without the leader, and loses nothing',
      { proves: ['TEL-086'] },
      async () => {
        const uploaded = uploadFile(pipeline, writeCsv('rows.csv', rows), rows.length)
        await expect(store.count(DATA)).toBe(atLeast(20))
        const lost = await store.leader.kill()
        await uploaded
        await expectArrived(pipeline, rows)
        await lost.start()
        await expect(lost.metrics.value('etcd_server_has_leader')).toBe(1)
      },
    )

    await step('a streamer that dies in the middle takes the file again', async () => {
      const more = makeRows(1000, '2024-02-01T00:00:00Z')
      const file = writeCsv('more.csv', more)
      const before = await store.count('/telemetry/').read()
      const broken = expect(upload.post('/api/v1/csv/upload', { file })).toFail(/closed|reset/)
      // Wherever the first batch is by now: whoever waited for the collector could find the upload at its end.
      await expect(store.count('/telemetry/')).toBe(atLeast(before + 1))
      await upload.kill()
      await broken
      await upload.start()
      await uploadFile(pipeline, file, more.length)
      await expectArrived(pipeline, [...rows, ...more])
    })

    await step('nobody is lost who only waited: without a quorum all wait, with one they go on', async () => {
      const more = makeRows(100, '2024-03-01T00:00:00Z')
      await Promise.all([store.member(2).pause(), store.member(3).pause()])
      const uploaded = upload.post('/api/v1/csv/upload', { file: writeCsv('late.csv', more) }).send()
      await expect(store.member(1).metrics.value('etcd_server_has_leader')).toBe(0)
      await Promise.all([store.member(2).resume(), store.member(3).resume()])
      expect(await uploaded).toMatch({ status: 200, json: { record_count: more.length } })
      await expect(store.count(DATA)).toBe(rows.length + 1100, { within: '60s' })
    })
  },
)
