#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../../scripts/node" "$0" "$@"'
// What is no upload is refused with the documented answers, bad rows are counted, and what should be forgotten is.
import { createHash } from 'node:crypto'
import { readFileSync, truncateSync } from 'node:fs'
import { expect, mode, scenario, start, step } from 'shakedown'
import { createPipeline, uploadFile } from './pipeline.ts'
import { DATA, QUEUE } from './proofs.ts'
import { COLUMNS, makeRows, readingsOf, sampleRows, writeCsv, writeText } from './sample.ts'

const tags = ['p1', 'telemetry', 'uploads']
const UPLOAD = '/api/v1/csv/upload'
const rows = sampleRows()

await scenario('what is refused, and what is skipped', { tags, requires: ['etcd'] }, async () => {
  const pipeline = createPipeline({ upload: { 'max-upload-size': '2KB' } })
  const { store, upload } = pipeline
  await start(store, upload)
  const refuse = (file: string, error: RegExp) =>
    expect(upload.post(UPLOAD, { file })).toRespond(400, { json: { success: false, error } })

  await step(
    'what is no CSV file, has no columns, or is too large',
    { proves: ['TEL-054', 'TEL-067'] },
    async () => {
      await refuse(
        writeText('notes.txt', 'timestamp,gpu_id,hostname\n'),
        /only CSV files are taken: notes\.txt/,
      )
      await refuse(writeText('empty.csv', ''), /missing required headers: timestamp, gpu_id, hostname/)
      const withoutHost = COLUMNS.map((name) => (name === 'Hostname' ? 'node' : name))
      await refuse(writeCsv('nameless.csv', rows, withoutHost), /missing required headers: hostname$/)
      await refuse(writeText('large.csv', sizedText(2049)), /the file is too large: more than 2048 bytes/)
      await expect(upload.post(UPLOAD, { text: 'timestamp' })).toRespond(400, {
        json: { error: /multipart/ },
      })
      await expect(upload.metrics.value('streamer_refused_total')).toBe(5)
      await expect(store.count(QUEUE)).toBe(0)
    },
  )

  await step('the largest file is taken, and its bad rows are counted', { proves: ['TEL-054'] }, async () => {
    const file = writeText('full.csv', sizedText(2048))
    const metadata = { total_records: 6, skipped_records: 5 }
    const answer = { size: 2048, record_count: 1, metadata, md5_hash: digestOf(file), filename: 'full.csv' }
    await expect(upload.post(UPLOAD, { file })).toRespond(200, { json: answer })
    await expect(store.count(QUEUE)).toBe(1)
    await expect(upload.get('/api/v1/status')).toRespond(200, {
      json: { uploads: 1, records: 1, skipped: 5 },
    })
  })

  await step('letters of column names may be large or small', { proves: ['TEL-052'] }, async () => {
    const shouting = COLUMNS.map((name) => name.toUpperCase())
    await uploadFile(pipeline, writeCsv('shouting.csv', rows.slice(0, 3), shouting), 3)
  })
})

await scenario('the largest file where nobody says how large', { tags, requires: ['etcd'] }, async () => {
  const { store, upload } = createPipeline({ as: 'process' })
  await start(store, upload)

  await step('is of 100 MB', { proves: ['TEL-054'], modes: ['full', 'ci'] }, async () => {
    const limit = 100 * 1024 * 1024
    const file = writeText('large.csv', 'timestamp,gpu_id,hostname\n')
    truncateSync(file, limit + 1)
    const error = new RegExp(`the file is too large: more than ${limit} bytes`)
    await expect(upload.post(UPLOAD, { file })).toRespond(400, { json: { success: false, error } })
  })
})

await scenario(
  'a service that dies is forgotten, and readings when it is time',
  { tags, requires: ['etcd'] },
  async () => {
    const ttl = mode.ttl.seconds
    const lease = { 'lease-ttl': `${ttl}s` }
    const { store, upload, collect, api } = createPipeline({
      as: 'process',
      upload: lease,
      collect: { ...lease, retention: `${ttl}s` },
    })
    await start(store, upload, collect, api)

    await step('a service that lives renews its lease, one that was killed is gone after it', async () => {
      const own = store.keys('/services/streamer/')
      await expect(own).toHaveSize(1, { holding: `${ttl * 2}s`, within: `${ttl * 4}s` })
      await upload.kill()
      await expect(own).toExpire({ within: mode.ttl })
      await upload.start()
    })

    await step('a service that stops in order is gone at once', async () => {
      await expect(store.keys('/services/collector/')).toHaveSize(1)
      await collect.stop()
      expect(await store.keys('/services/collector/').read()).toEqual([])
      await collect.start()
    })

    await step('readings are kept for the time that was set', async () => {
      await uploadFile({ upload }, writeCsv('gpus.csv', rows), rows.length)
      await expect(store.count(DATA)).toBe(rows.length)
      await expect(store.keys(DATA)).toExpire({ within: mode.ttl })
      await expect(api.get('/api/v1/telemetry')).toRespond(200, { json: { count: 0 } })
    })
  },
)

await scenario('a WebSocket echoes, and follows a GPU', { tags, requires: ['etcd'] }, async () => {
  const pipeline = createPipeline()
  const { store, upload, collect, api } = pipeline
  await start(store, upload, collect, api)
  await uploadFile(pipeline, writeCsv('gpus.csv', rows), rows.length)
  await expect(store.count(DATA)).toBe(rows.length)
  const uuid = rows[0]?.uuid ?? ''

  await step('what is said comes back, and what is new is told', async () => {
    const heard: string[] = []
    const socket = new WebSocket(`${api.url}/ws`.replace('http', 'ws'))
    socket.addEventListener('message', ({ data }) => heard.push(String(data)))
    await new Promise((resolve) => socket.addEventListener('open', resolve))
    socket.send('hello')
    await expect({ describe: 'what came back', read: async () => heard }).toEqual(['hello'])
    socket.send(JSON.stringify({ follow: uuid }))
    const [newest] = readingsOf(rows, uuid)
    const told = {
      describe: 'readings that were told',
      read: async () => heard.slice(1).map((text) => JSON.parse(text)),
    }
    await expect(told).toEqual([newest])
    const more = makeRows(5, '2024-03-01T00:00:00Z')
    await uploadFile(pipeline, writeCsv('more.csv', more), more.length)
    await expect(told).toEqual([newest, ...readingsOf(more, uuid)])
    socket.close()
  })
})

function digestOf(file: string): string {
  return createHash('md5').update(readFileSync(file)).digest('hex')
}

/** A file of so many bytes: one good row, four that are none, and one that is padding. */
function sizedText(bytes: number): string {
  const { timestamp = '', Hostname = '', uuid = '' } = rows[0] ?? {}
  const lines = [
    'timestamp,gpu_id,Hostname,uuid,temperature',
    `${timestamp},0,${Hostname},${uuid},72.0`,
    `yesterday,0,${Hostname},${uuid},72.0`,
    `${timestamp},,${Hostname},${uuid},72.0`,
    `${timestamp},0,,${uuid},72.0`,
    `${timestamp},0,${Hostname},${uuid},warm`,
    '',
  ].join('\n')
  return `${lines}${'x'.repeat(bytes - lines.length - 1)}\n`
}
