import { derive, type EtcdService, type Reading } from 'shakedown'
import type { TelemetryReading } from '../../../fixtures/systems/telemetry/reading.ts'

/** The name of the cluster, as the documents have it. */
export const CLUSTER = 'process-test-cluster'
/** Where messages wait. */
export const QUEUE = '/telemetry/queue/telemetry/'
/** Where the readings of the cluster are. */
export const DATA = `/telemetry/clusters/${CLUSTER}/data/`

/** How often the keys of readings were written since etcd began, whoever did it: `{ once: 10 }`. */
export function timesWritten(store: EtcdService) {
  return derive(store.changes(DATA), 'how often each reading was stored', (changes) => {
    const times = new Map<string, number>()
    for (const { type, key } of changes) if (type === 'put') times.set(key, (times.get(key) ?? 0) + 1)
    const all = [...times.values()]
    const more = all.filter((count) => count > 1).length
    return { once: all.length - more, ...(more === 0 ? {} : { more }) }
  })
}

/** How many rows each transaction put into the queue, in their order. */
export function batches(store: EtcdService): Reading<readonly number[]> {
  return derive(store.changes(QUEUE), 'rows of each batch', (changes) => {
    const sizes = new Map<number, number>()
    for (const { type, revision } of changes)
      if (type === 'put') sizes.set(revision, (sizes.get(revision) ?? 0) + 1)
    return [...sizes.values()]
  })
}

/** What waits in the queue, in the order of its keys. */
export function waiting(store: EtcdService): Reading<readonly TelemetryReading[]> {
  return derive(store.entries(QUEUE), 'rows that wait', (entries) =>
    [...entries.values()].map((text) => JSON.parse(text)),
  )
}

/** The keys in the order in which they were acknowledged. */
export function acknowledged(store: EtcdService): Reading<readonly string[]> {
  return derive(store.changes(QUEUE), 'messages in the order of their end', (changes) =>
    changes.filter(({ type }) => type === 'delete').map(({ key }) => key),
  )
}

/** The readings in the order in which they were stored: of one GPU, named as in the keys, `test-host-1_0`. */
export function stored(store: EtcdService, gpu = ''): Reading<readonly string[]> {
  return derive(store.changes(`${DATA}${gpu}`), 'readings in the order of their storing', (changes) =>
    changes.filter(({ type }) => type === 'put').map(({ key }) => key),
  )
}

/** Those of a list that come before one that stands in front of them. */
export function disordered(keys: Reading<readonly string[]>): Reading<readonly string[]> {
  return derive(keys, `${keys.describe}, those out of order`, (all) =>
    all.filter((key, index) => key < (all[index - 1] ?? '')),
  )
}

/** What is stored and still waits: whoever dies at this moment has it delivered again. */
export function between(store: EtcdService): Reading<number> {
  return derive(store.entries('/telemetry/'), 'readings that are stored and not acknowledged', (entries) => {
    const waits = [...entries].filter(([key]) => key.startsWith(QUEUE)).map(([, value]) => value)
    const stored = new Set([...entries].filter(([key]) => key.startsWith(DATA)).map(([, value]) => value))
    return waits.filter((value) => stored.has(value)).length
  })
}
