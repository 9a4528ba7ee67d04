#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../../scripts/node" "$0" "$@"'
// As fast, and as small, as was promised: a large file, uploads at a rate that waits for nobody, a load on the gateway, usage.
import { readFileSync } from 'node:fs'
import { below, expect, mode, scenario, start, step, traffic, within } from 'shakedown'
import { createPipeline, expectArrived, uploadFile } from './pipeline.ts'
import { batches, DATA, QUEUE } from './proofs.ts'
import { makeRows, writeCsv } from './sample.ts'

const tags = ['p1', 'telemetry', 'performance']
const UPLOAD = '/api/v1/csv/upload'
const BATCH = 100
const MEGABYTE = 1024 * 1024
/** What was promised is measured where there is time for it: a second on a busy machine says nothing. */
const isMeasured = mode.name !== 'quick'

await scenario('as fast, and as small, as was promised', { tags, requires: ['etcd'] }, async () => {
  const pipeline = createPipeline({ as: 'process', batch: BATCH, collect: { workers: 8 } })
  const { store, upload, collect, api } = pipeline
  const many = makeRows(2000)
  await start(store, upload, collect, api)

  await step('a large file arrives whole, in full batches', { proves: ['TEL-085'] }, async () => {
    await uploadFile(pipeline, writeCsv('many.csv', many), many.length)
    await expectArrived(pipeline, many)
    await expect(batches(store)).toEqual(Array.from({ length: many.length / BATCH }, () => BATCH))
  })

  await step(
    'more than 1,000 records a second, whoever waits for whom',
    { proves: ['TEL-085'] },
    async () => {
      const published = await upload.metrics.value('streamer_records_total').fromNow()
      const taken = await collect.metrics.value('collector_messages_total').fromNow()
      const form = readFileSync(writeCsv('again.csv', many.slice(0, BATCH)), 'utf8')
      // A file of 100 rows every 91 ms, also where the one before it is not answered yet.
      const sent = await traffic(upload.post(UPLOAD, asForm(form)), {
        rate: '11/s',
        for: mode.load,
        thresholds: ['errors == 0', ...(isMeasured ? (['rate > 10/s'] as const) : [])],
      })
      await expect(published).toBe(sent.ok * BATCH)
      await expect(taken).toBe(sent.ok * BATCH, { within: '60s' })
      await expect(store.count(QUEUE)).toBe(0, { within: '60s' })
      await expect(store.count(DATA)).toBe(many.length)
    },
  )

  await step('the gateway answers a load', { proves: ['TEL-085'] }, async () => {
    const paths = { '/api/v1/gpus': 2, '/api/v1/hosts': 1, '/api/v1/clusters': 1 } as const
    const answered = await api.metrics.value('gateway_requests_total').fromNow()
    const sent = await traffic(api, { paths, rate: mode.rate, for: mode.load, thresholds: ['errors < 1%'] })
    expect(sent.latency.p95).toBe(below(mode.latency))
    await expect(answered).toBe(sent.total)
  })

  await step('nobody needs more than 512 MB, or 80 % of a core', { proves: ['TEL-087'] }, async () => {
    for (const service of [upload, collect, api]) {
      // Node alone needs more than 10 MB, and nobody has done this work for nothing.
      await expect(service.usage.rss).toBe(within(10 * MEGABYTE, 512 * MEGABYTE))
      expect(await service.usage.cpu.read()).toBe(within(0.001, 0.8))
    }
  })
})

/** A file as the form in which a browser uploads it. */
function asForm(text: string) {
  const boundary = 'rows'
  const head = 'Content-Disposition: form-data; name="file"; filename="again.csv"\r\nContent-Type: text/csv'
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    text: `--${boundary}\r\n${head}\r\n\r\n${text}\r\n--${boundary}--\r\n`,
  }
}
