import { type EtcdService, etcd, expect } from 'shakedown'
import { collector, gateway, type Options, streamer } from '../../../fixtures/systems/telemetry/services.ts'
import { CLUSTER, DATA, QUEUE, timesWritten } from './proofs.ts'
import { type Row, readingsOf } from './sample.ts'

/** How a pipeline is put together. */
export interface PipelineOptions {
  /** An etcd that is described elsewhere; one of the pipeline's own where it is not given, with so many members. */
  readonly store?: EtcdService
  readonly members?: number
  readonly as?: Options['as']
  readonly batch?: number
  readonly ports?: { readonly etcd?: number; readonly streamer?: number; readonly gateway?: number }
  /** Further flags of the collector. */
  readonly collect?: Options['flags']
  readonly upload?: Options['flags']
}

/** The whole pipeline, not started: etcd, and the three services that know its address. */
export function createPipeline({
  members = 1,
  as = 'function',
  batch = 5,
  ports = {},
  store = etcd({ members, ...(ports.etcd === undefined ? {} : { port: ports.etcd }) }),
  ...flags
}: PipelineOptions = {}) {
  const shared = { etcd: store.endpoints, as, cluster: CLUSTER }
  const at = (port: number | undefined) => (port === undefined ? {} : { port })
  return {
    store,
    upload: streamer({ ...shared, ...at(ports.streamer), flags: { 'batch-size': batch, ...flags.upload } }),
    collect: createCollector(store, { as, flags: { 'batch-size': batch, ...flags.collect } }),
    api: gateway({ ...shared, ...at(ports.gateway) }),
  }
}

/** The pipeline's services. */
export type Pipeline = ReturnType<typeof createPipeline>

/** As much of a pipeline as its user sees, wherever it runs. */
export interface Address {
  readonly store: EtcdService
  readonly upload: Pick<Pipeline['upload'], 'post'>
  readonly api: Pick<Pipeline['api'], 'get'>
}

/** A collector of the same queue; with another name, one beside it. */
export function createCollector(store: EtcdService, { flags = {}, ...more }: Omit<Options, 'etcd'>) {
  const quick = { 'poll-interval': '20ms', workers: 2 }
  return collector({ etcd: store.endpoints, cluster: CLUSTER, ...more, flags: { ...quick, ...flags } })
}

/** Uploads a file, which must be taken whole. It is sent once, and may take as long as a request may. */
export async function uploadFile(
  { upload }: Pick<Address, 'upload'>,
  file: string,
  count: number,
): Promise<void> {
  const json = { success: true, status: 'processed', record_count: count }
  expect(await upload.post('/api/v1/csv/upload', { file }).send()).toMatch({ status: 200, json })
}

/** Claims that every row arrived, once, with its values, and that nothing waits any more. */
export async function expectArrived(
  { store, api }: Pick<Address, 'store' | 'api'>,
  rows: readonly Row[],
): Promise<void> {
  await expect(store.count(QUEUE)).toBe(0, { within: '60s' })
  await expect(store.count(DATA)).toBe(rows.length)
  await expect(timesWritten(store)).toEqual({ once: rows.length })
  for (const uuid of new Set(rows.map((row) => row.uuid))) {
    const data = readingsOf(rows, uuid)
    const path = `/api/v1/gpus/${uuid}/telemetry?limit=1000`
    await expect(api.get(path)).toRespond(200, { json: { success: true, count: data.length, data } })
  }
}
