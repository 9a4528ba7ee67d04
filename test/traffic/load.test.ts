import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../src/error.ts'
import { generateLoad } from '../../src/traffic/load.ts'
import { limitsOf, type Plan, type PlannedRequest, type Progress } from '../../src/traffic/plan.ts'
import type { Sent } from '../../src/traffic/sent.ts'
import { freePort, type Server, startServer } from './program.ts'

const PATIENT = { timeout: 60_000, patience: 60_000 }

/** A load of GETs, patient enough for a machine that is ten times slower. */
function load(server: Pick<Server, 'target'>, plan: Partial<Plan> & Pick<Plan, 'shape'>): Promise<Sent> {
  return generateLoad({ target: server.target, requests: [get('/')], ...PATIENT, ...plan })
}

function get(path: string, weight = 1): PlannedRequest {
  return { method: 'GET', path, weight }
}

function checkSums(sent: Sent): void {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  assert.equal(sent.total, sent.answered + sent.unanswered)
  assert.equal(sum(Object.values(sent.byStatus)), sent.answered)
  assert.equal(sum(Object.values(sent.failures).map(({ count }) => count)), sent.unanswered)
  for (const key of ['total', 'answered', 'ok', 'errors'] as const) {
    assert.equal(sum(Object.values(sent.byPath).map((counts) => counts[key])), sent[key], key)
  }
  assert.equal(sum(sent.series.map((slot) => slot.sent)), sent.total)
  assert.equal(sum(sent.series.map((slot) => slot.answered)), sent.answered)
  assert.equal(sum(sent.series.map((slot) => slot.errors)), sent.errors)
}

test('100/s for 1 s over two paths is 50 requests each, and the server agrees', async () => {
  await using server = await startServer('http_ok')
  const sent = await load(server, {
    requests: [get('/'), get('/missing')],
    shape: { kind: 'open', perSecond: 100, milliseconds: 1000 },
  })
  assert.equal(sent.total, 100)
  assert.equal(await server.requests(), 100)
  assert.deepEqual(sent.byStatus, { 200: 50, 404: 50 })
  assert.deepEqual(sent.byPath, {
    '/': { total: 50, answered: 50, ok: 50, errors: 0, byStatus: { 200: 50 } },
    '/missing': { total: 50, answered: 50, ok: 0, errors: 0, byStatus: { 404: 50 } },
  })
  const { ok, errors, unanswered, written, dropped, failures } = sent
  assert.deepEqual(
    { ok, errors, unanswered, written, dropped },
    { ok: 50, errors: 0, unanswered: 0, written: 100, dropped: 0 },
  )
  assert.deepEqual(failures, {})
  assert.ok(sent.seconds >= 1 && sent.rate <= 100 && sent.rate > 0)
  assert.equal(sent.endedAt, sent.startedAt + Math.ceil(sent.seconds * 1000))
  const { min, p50, p90, p95, p99, max, count } = sent.latency
  const ordered = [min, p50, p90, p95, p99, max].map(({ milliseconds }) => milliseconds)
  assert.deepEqual(
    ordered,
    ordered.toSorted((left, right) => left - right),
  )
  assert.equal(count, 100)
  checkSums(sent)
})

test('a closed loop uses so many connections and sends so many requests', async () => {
  await using server = await startServer('http_ok')
  const sent = await load(server, { shape: { kind: 'closed', connections: 3, requests: 100 } })
  assert.deepEqual([sent.total, sent.ok, await server.requests()], [100, 100, 100])
  assert.equal(await server.connections(), 3)
  checkSums(sent)
})

test('a closed loop for a time counts what the server counts', async () => {
  await using server = await startServer('http_ok')
  const requests = [get('/', 3), get('/missing'), get('/error')]
  const sent = await load(server, { requests, shape: { kind: 'closed', connections: 8, milliseconds: 500 } })
  assert.equal(sent.total, await server.requests())
  assert.equal(sent.errors, sent.byStatus[500], 'an answer of 5xx is an error, one of 4xx is not')
  assert.ok(Math.abs((sent.byStatus[200] ?? 0) - 3 * (sent.byStatus[404] ?? 0)) <= 3)
  assert.ok(sent.seconds >= 0.5)
  checkSums(sent)
})

test('methods, headers and bodies arrive as they were given', async () => {
  await using server = await startServer('http_ok')
  const headers = { 'X-Token': 'secret', 'Content-Type': 'application/json' }
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD']
  const requests = methods.map((method) => ({
    weight: 1,
    method,
    path: '/echo',
    headers,
    body: '{"é":1}',
    label: method,
  }))
  const sent = await load(server, { requests, shape: { kind: 'closed', connections: 1, requests: 12 } })
  assert.deepEqual([sent.ok, await server.connections()], [12, 1])
  assert.deepEqual(
    Object.entries(sent.byPath).map(([label, { ok }]) => `${label} ${ok}`),
    methods.map((method) => `${method} 2`),
  )
  const arrived = server.lines.map((line) => JSON.parse(line))
  assert.deepEqual(
    arrived.map(({ method }) => method),
    [...methods, ...methods],
  )
  for (const { headers: got, body } of arrived) {
    assert.deepEqual([got['x-token'], got['content-type'], body], ['secret', 'application/json', '{"é":1}'])
    assert.equal(got.host, `127.0.0.1:${server.target.port}`)
  }
})

test('a body larger than any buffer arrives whole', async () => {
  await using server = await startServer('http_ok')
  const body = 'x'.repeat(3_000_000)
  const requests = [{ weight: 1, method: 'POST', path: '/', body }]
  const sent = await load(server, { requests, shape: { kind: 'closed', connections: 2, requests: 6 } })
  assert.equal(sent.ok, 6)
})

test('an open loop sees a stall of the server as its users would, a closed loop hides it', async () => {
  await using stalled = await startServer('http_stalls_once')
  const open = await load(stalled, { shape: { kind: 'open', perSecond: 100, milliseconds: 2000 } })
  assert.deepEqual([open.total, open.ok], [200, 200])
  assert.ok(open.latency.p99.milliseconds >= 900, `p99 was ${open.latency.p99}`)
  assert.ok(open.latency.p90.milliseconds >= 500, `p90 was ${open.latency.p90}`)
  assert.ok((await stalled.connections()) > 20, 'connections grow while the server stands still')

  await using again = await startServer('http_stalls_once')
  const closed = await load(again, { shape: { kind: 'closed', connections: 1, requests: 3000 } })
  assert.ok(closed.latency.max.milliseconds >= 1000)
  assert.ok(
    closed.latency.p99.milliseconds < open.latency.p99.milliseconds / 2,
    `p99 was ${closed.latency.p99}`,
  )
})

test('waiting for a free connection is part of the latency', async () => {
  await using server = await startServer('http_stalls_once')
  const sent = await load(server, {
    shape: { kind: 'open', perSecond: 100, milliseconds: 1000, connections: 1 },
  })
  assert.deepEqual([sent.ok, sent.dropped, await server.connections()], [100, 0, 1])
  assert.ok(sent.latency.p95.milliseconds >= 900, `p95 was ${sent.latency.p95}`)
})

test('a reset is an error and nothing is sent again', async () => {
  await using server = await startServer('http_resets')
  const sent = await load(server, { shape: { kind: 'closed', connections: 1, requests: 100 } })
  assert.deepEqual([sent.total, sent.ok, sent.unanswered, sent.errors], [100, 80, 20, 20])
  assert.equal(sent.failures.reset?.count, 20)
  assert.match(sent.failures.reset?.first ?? '', /^GET \/ after .*: read ECONNRESET$/)
  assert.deepEqual([sent.written, await server.requests()], [100, 100])
  checkSums(sent)
})

test('connections that the server closes are not used again: announced, silently, or while they are idle', async () => {
  for (const name of ['http_closes_every_answer', 'http_closes_silently', 'http_closes_idle']) {
    await using server = await startServer(name)
    const sent = await load(server, { shape: { kind: 'open', perSecond: 4, milliseconds: 1000 } })
    assert.deepEqual(
      [sent.total, sent.ok, await server.requests()],
      [4, 4, 4],
      `${name}: ${JSON.stringify(sent.failures)}`,
    )
  }
  await using server = await startServer('http_closes_every_answer')
  const sent = await load(server, { shape: { kind: 'closed', connections: 5, requests: 50 } })
  assert.deepEqual([sent.ok, await server.connections()], [50, 50])
})

test('nobody listens: each request is refused once, and none was written', async () => {
  const target = { host: '127.0.0.1', port: await freePort() }
  const open = await load({ target }, { shape: { kind: 'open', perSecond: 100, milliseconds: 200 } })
  assert.deepEqual([open.total, open.errors, open.written, open.failures.refused?.count], [20, 20, 0, 20])
  assert.match(open.failures.refused?.first ?? '', /^GET \/ after .*ECONNREFUSED/)
  assert.equal(open.latency.count, 0, 'what fails at once has no latency')
  checkSums(open)
  const closed = await load({ target }, { shape: { kind: 'closed', connections: 10, milliseconds: 500 } })
  assert.ok(closed.total > 0 && closed.total <= 120, `no storm of connections: ${closed.total}`)
})

test('a name is looked up, and one that does not exist is a cause of its own', async () => {
  await using server = await startServer('http_ok')
  const byName = { target: { host: 'localhost', port: server.target.port } }
  const shape = { kind: 'closed', connections: 2, requests: 10 } as const
  assert.equal((await load(byName, { shape })).ok, 10)
  const sent = await load(
    { target: { host: 'nowhere.invalid', port: 80 } },
    { shape: { ...shape, requests: 2 } },
  )
  assert.equal(sent.failures.unresolved?.count, 2, JSON.stringify(sent.failures))
})

test('a server that is killed under load: all requests are accounted for', async () => {
  await using server = await startServer('http_ok')
  const killed = Promise.withResolvers<void>()
  const sent = await load(server, {
    shape: { kind: 'open', perSecond: 200, milliseconds: 2000 },
    onProgress: () => killed.resolve(server.kill()),
  })
  await killed.promise
  assert.equal(sent.total, 400)
  assert.ok(sent.ok > 0 && (sent.failures.refused?.count ?? 0) > 0)
  checkSums(sent)
})

test('every form of an answer is understood', async () => {
  await using server = await startServer('http_odd_answers')
  const paths = ['/chunked', '/early', '/empty', '/unchanged', '/bare', '/close', '/old']
  const requests = [...paths.map((path) => get(path)), { weight: 1, method: 'HEAD', path: '/head' }]
  const sent = await load(server, { requests, shape: { kind: 'closed', connections: 1, requests: 80 } })
  assert.deepEqual(sent.failures, {})
  assert.deepEqual(sent.byStatus, { 200: 60, 204: 10, 304: 10 })
  assert.equal(await server.requests(), 80)
})

test('what is no full answer is an error with its cause', async () => {
  await using server = await startServer('http_odd_answers')
  const requests = ['/cut', '/cut-chunked', '/nothing', '/ssh'].map((path) => get(path))
  const sent = await load(server, { requests, shape: { kind: 'closed', connections: 1, requests: 8 } })
  assert.deepEqual([sent.answered, sent.failures.closed?.count, sent.failures.malformed?.count], [0, 6, 2])
  assert.match(sent.failures.closed?.first ?? '', /^GET \/cut after .*: the connection was closed before/)
  assert.match(sent.failures.malformed?.first ?? '', /not an HTTP\/1 answer: "SSH-2.0-OpenSSH_9.2\\r\\n"/)
  assert.equal(await server.requests(), 8)
})

test('an answer that does not come is a timeout, and counts with the time that it was waited for', async () => {
  await using server = await startServer('http_hangs')
  const sent = await load(server, {
    requests: [get('/never')],
    shape: { kind: 'open', perSecond: 20, milliseconds: 500 },
    timeout: 700,
  })
  assert.deepEqual([sent.total, sent.failures.timeout?.count], [10, 10], JSON.stringify(sent.failures))
  assert.match(sent.failures.timeout?.first ?? '', /^GET \/never after \S+: no full answer within 700 ms$/)
  assert.equal(sent.latency.count, 10)
  assert.ok(sent.latency.min.milliseconds >= 700)
  assert.ok(sent.seconds < 0.7, 'the time after the last answer is not part of the load')
  checkSums(sent)
})

test('what is outstanding at the end has as long as any request, where nothing else is said', () => {
  assert.deepEqual(limitsOf({}), { timeout: 10_000, patience: 10_000 })
  assert.deepEqual(limitsOf({ timeout: 60_000 }), { timeout: 60_000, patience: 60_000 })
  assert.deepEqual(limitsOf({ timeout: 60_000, patience: 5 }), { timeout: 60_000, patience: 5 })
})

test('when the patience is used up, what is outstanding is abandoned', async () => {
  await using server = await startServer('http_hangs')
  const requests = [get('/never')]
  const sent = await load(server, {
    requests,
    shape: { kind: 'closed', connections: 4, milliseconds: 100 },
    patience: 300,
  })
  assert.deepEqual([sent.total, sent.failures.abandoned?.count, sent.written], [4, 4, 4])
  assert.match(sent.failures.abandoned?.first ?? '', /no full answer within 300 ms after the end/)
})

test('what never gets a connection is dropped and counted, never sent', async () => {
  await using server = await startServer('http_hangs')
  const sent = await load(server, {
    requests: [get('/never')],
    shape: { kind: 'open', perSecond: 100, milliseconds: 1000, connections: 2 },
    patience: 200,
  })
  assert.deepEqual([sent.total, sent.dropped, await server.requests()], [2, 98, 2])
  assert.equal(sent.latency.count, 100, 'dropped requests waited in vain as well')
})

test('a client that was busy says so', async () => {
  await using server = await startServer('http_ok')
  const running = load(server, { shape: { kind: 'open', perSecond: 100, milliseconds: 1000 } })
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  const sent = await running
  assert.ok(sent.late >= 40, `${sent.late} were late`)
  assert.deepEqual([sent.total, sent.isReliable], [100, false])
  assert.ok(sent.latency.max.milliseconds >= 400, 'its lateness is part of the latency')
})

test('progress comes about once a second', async () => {
  await using server = await startServer('http_ok')
  const seen: Progress[] = []
  const onProgress = (progress: Progress) => void seen.push(progress)
  const sent = await load(server, { shape: { kind: 'open', perSecond: 50, milliseconds: 1800 }, onProgress })
  assert.ok(seen.length >= 1 && seen.length <= sent.seconds, `${seen.length} in ${sent.seconds} s`)
  const [first] = seen
  assert.ok(first !== undefined && first.sent >= 50 && first.answered > 0 && first.p95 !== undefined)
})

test('what progress throws ends the load', async () => {
  await using server = await startServer('http_ok')
  const onProgress = () => {
    throw new Error('no more')
  }
  const running = load(server, { shape: { kind: 'open', perSecond: 10, milliseconds: 60_000 }, onProgress })
  await assert.rejects(running, /no more/)
})

test('an abort ends the load at once, with its reason', async () => {
  await using server = await startServer('http_hangs')
  const abort = new AbortController()
  const running = load(server, {
    requests: [get('/never')],
    shape: { kind: 'open', perSecond: 100, milliseconds: 60_000 },
    signal: abort.signal,
    onProgress: () => abort.abort(new Error('enough')),
  })
  await assert.rejects(running, /enough/)
  const signal = AbortSignal.abort(new Error('never began'))
  await assert.rejects(
    load(server, { shape: { kind: 'closed', connections: 1, requests: 1 }, signal }),
    /never began/,
  )
})

test('two loads at once have nothing in common', async () => {
  await using server = await startServer('http_ok')
  const shape = { kind: 'closed', connections: 2, requests: 50 } as const
  const both = await Promise.all([
    load(server, { shape }),
    load(server, { shape, requests: [get('/missing')] }),
  ])
  assert.deepEqual(
    both.map(({ byStatus }) => byStatus),
    [{ 200: 50 }, { 404: 50 }],
  )
  assert.equal(await server.connections(), 4)
})

const FINE: Plan = {
  target: { host: '127.0.0.1', port: 1 },
  requests: [get('/')],
  shape: { kind: 'closed', connections: 1, requests: 1 },
}
const REFUSED: Readonly<Record<string, Partial<Plan>>> = {
  'the port is 0': { target: { host: '127.0.0.1', port: 0 } },
  'the target has no host': { target: { host: '', port: 1 } },
  'a load without requests': { requests: [] },
  'the weight of / is 0': { requests: [get('/', 0)] },
  'the weight of / is NaN': { requests: [get('/', Number.NaN)] },
  'not a path': { requests: [get('status')] },
  'the rate is 0': { shape: { kind: 'open', perSecond: 0, milliseconds: 1 } },
  'the length is -1': { shape: { kind: 'open', perSecond: 1, milliseconds: -1 } },
  'the number of connections is 1.5': { shape: { kind: 'closed', connections: 1.5, requests: 1 } },
  'a load without an end': { shape: { kind: 'closed', connections: 1 } },
  'the number of requests is 0': { shape: { kind: 'closed', connections: 1, requests: 0 } },
  'the timeout is 0': { timeout: 0 },
  'the patience is -1': { patience: -1 },
}

for (const [message, plan] of Object.entries(REFUSED)) {
  test(`refused before anything is sent: ${message}`, async () => {
    await assert.rejects(generateLoad({ ...FINE, ...plan }), (error) => {
      assert.ok(error instanceof UsageError)
      assert.ok(error.message.includes(message), error.message)
      return true
    })
  })
}
