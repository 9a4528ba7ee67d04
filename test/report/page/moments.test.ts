import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event, Happening } from '../../../src/event.ts'
import { createKeptStore } from '../../../src/report/page/collect/kept.ts'
import { createMomentStore } from '../../../src/report/page/collect/moments.ts'
import { createRequestStore } from '../../../src/report/page/collect/requests.ts'

test('a frozen service is a fault until it goes on, a dead one until it is ready again', () => {
  const store = createMomentStore()
  store.hear(at(10, { kind: 'service:signal', service: 'app', signal: 'SIGSTOP' }))
  store.hear(at(30, { kind: 'service:signal', service: 'app', signal: 'SIGCONT' }))
  store.hear(at(40, { kind: 'service:exit', service: 'db', code: 7, signal: null, expected: false }))
  store.hear(at(90, { kind: 'service:ready', service: 'db', milliseconds: 5, endpoints: {}, looks: 1 }))
  assert.deepEqual(store.faults(100), [
    { script: 'x.mts', service: 'app', from: 10, to: 30, what: 'app is frozen' },
    { script: 'x.mts', service: 'db', from: 40, to: 90, what: 'db is gone' },
  ])
})

test('a fault that says so itself belongs to all of its script, and one that nobody ends goes on', () => {
  const store = createMomentStore()
  store.hear(at(10, { kind: 'fault', what: 'no network', active: true }))
  assert.deepEqual(store.faults(100), [
    { script: 'x.mts', service: undefined, from: 10, to: 100, what: 'no network' },
  ])
  store.hear(at(50, { kind: 'fault', what: 'no network', active: false }))
  assert.equal(store.faults(100)[0]?.to, 50)
})

test('a service that is stopped as it should be is no fault', () => {
  const store = createMomentStore()
  store.hear(at(10, { kind: 'service:stopping', service: 'app', signal: 'SIGTERM' }))
  store.hear(at(20, { kind: 'service:exit', service: 'app', code: 0, signal: null, expected: true }))
  assert.deepEqual(store.faults(100), [])
  assert.deepEqual(
    store.marks.map(({ mark }) => mark.text),
    ['ended with code 0'],
  )
})

test('of very many moments the first are kept, and the others counted', () => {
  const store = createMomentStore()
  for (let index = 0; index < 6000; index += 1)
    store.hear(at(index, { kind: 'note', level: 'info', text: 'x' }))
  assert.deepEqual([store.marks.length, store.omitted], [5000, 1000])
})

test('a request belongs to the service whose address it has, a load to the one that it names', () => {
  const store = createRequestStore()
  store.hear(at(1, { kind: 'service:started', service: 'app', endpoints: { main: 'http://127.0.0.1:8001' } }))
  store.hear(at(2, { kind: 'service:started', service: 'db', endpoints: { main: '127.0.0.1:8002' } }))
  for (const url of ['http://127.0.0.1:8001/x', 'http://127.0.0.1:8002/', 'http://127.0.0.1:9/'])
    store.hear(at(9, { kind: 'exchange', method: 'GET', url, status: 200, milliseconds: 4 }))
  store.hear(at(20, { ...LOAD, what: 'app.url' }))
  assert.deepEqual(
    store.exchanges.map(({ exchange }) => exchange.service),
    ['app', 'db', undefined],
  )
  assert.equal(store.exchanges[0]?.exchange.from, 5)
  assert.equal(store.loads[0]?.load.service, 'app')
})

test('a long load keeps its counts and its worst moments in few rows', () => {
  const store = createRequestStore()
  const series = Array.from({ length: 30_000 }, (_, index) => [index * 100, 2, 1, 0, index === 17 ? 900 : 5])
  store.hear(at(9, { ...LOAD, series }))
  const rows = store.loads[0]?.load.series ?? []
  assert.ok(rows.length <= 300)
  assert.equal(
    rows.reduce((sum, row) => sum + (row[1] ?? 0), 0),
    60_000,
  )
  assert.equal(Math.max(...rows.map((row) => row[4] ?? 0)), 900)
})

test('what was kept of a scenario is found from the folder of the run, wherever the script was', () => {
  const store = createKeptStore()
  const kept = { kind: 'evidence', files: ['processes.txt'], missing: [], milliseconds: 1 } as const
  store.hear({ ...at(1, { ...kept, folder: '../results/x/evidence/y/1-a' }), scenario: '1' })
  assert.deepEqual(store.keptOf({ script: 'x.mts', id: '1.2.3' }), {
    folder: 'evidence/y/1-a',
    files: ['processes.txt'],
  })
  assert.equal(store.keptOf({ script: 'x.mts', id: '2' }), undefined)
})

const LOAD = {
  ...({ kind: 'traffic:end', id: '1', what: 'app.url', total: 2, ok: 2, errors: 0, late: 0 } as const),
  ...{ byStatus: { '200': 2 }, seconds: 0.01, latency: { p50: 1 }, series: [], crossed: [] },
}

function at(time: number, happening: Happening): Event {
  return { time, script: 'x.mts', ...happening }
}
