import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { UsageError } from '../../src/error.ts'
import { expect } from '../../src/expect/expect.ts'
import { createHttp } from '../../src/http/http.ts'
import { createReference } from '../../src/reference.ts'
import { failureOf } from '../failure.ts'
import { bodyOf, listenRaw, serve } from './server.ts'

test('an answer has its status, headers, text and JSON (KIT-05)', async () => {
  await using server = await serve((_, response) => response.setHeader('x-trace-id', '7').end('{"id":"a"}'))
  const answer = await expect(createHttp(server.url).get('/x')).toRespond(200, { json: { id: String } })
  assert.equal(answer.json.id, 'a')
  assert.equal(answer.header('X-Trace-Id'), '7')
  assert.throws(
    () => answer.header('x-none'),
    /the answer has no header x-none\n {2}last {6}it has: x-trace-id/,
  )
})

test('a GET is sent again until it is answered as expected', async () => {
  let count = 0
  await using server = await serve((_, response) => {
    count += 1
    response.writeHead(count < 3 ? 503 : 200).end()
  })
  await expect(createHttp(server.url).get('/')).toRespond(200)
  assert.equal(server.requests.length, 3)
})

test('a POST is sent once, whatever the answer is', async () => {
  await using server = await serve((_, response) => response.writeHead(503).end('not today'))
  const failure = await failureOf(
    expect(createHttp(server.url).post('/order', { json: { n: 1 } })).toRespond(200),
  )
  assert.deepEqual(server.requests, ['POST /order'])
  assert.match(failure.message, /expected {2}status 200\n {2}last {6}503 {2}not today/)
  assert.match(failure.message, /log {7}server \| GET \/ 503/)
})

test('a POST that is expected as a plain reading is sent once, too', async () => {
  await using server = await serve((_, response) => response.writeHead(503).end())
  await failureOf(expect(createHttp(server.url).post('/order')).toMatch({ status: 200 }))
  assert.deepEqual(server.requests, ['POST /order'])
})

test('a POST is sent again when the script says for how long', async () => {
  let count = 0
  await using server = await serve((_, response) => {
    count += 1
    response.writeHead(count < 2 ? 503 : 200).end()
  })
  await expect(createHttp(server.url).post('/order')).toRespond(200, { within: '10s' })
  assert.equal(server.requests.length, 2)
})

test('a POST whose connection is reset is not sent a second time', async () => {
  let connections = 0
  await using server = await listenRaw((socket) => {
    connections += 1
    socket.once('data', () => socket.resetAndDestroy())
  })
  await expect(createHttp(server.url).post('/order')).toFail(/reset|closed/)
  assert.equal(connections, 1)
})

test('JSON, headers and bearer arrive as described, references resolved', async () => {
  await using server = await serve(async (request, response) => {
    response.end(JSON.stringify({ body: await bodyOf(request), headers: request.headers }))
  })
  const token = createReference('token', [], () => 'secret')
  const exchange = createHttp(server.url).put('/x', {
    json: { a: [1] },
    bearer: token,
    headers: { 'X-One': 'yes' },
  })
  await expect(exchange).toRespond(200, {
    json: {
      body: '{"a":[1]}',
      headers: { authorization: 'Bearer secret', 'x-one': 'yes', 'content-type': 'application/json' },
    },
  })
})

test('a file is uploaded as form data', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shakedown-test-'))
  await writeFile(join(folder, 'gpus.csv'), 'a,b\n1,2\n')
  await using server = await serve(async (request, response) => response.end(await bodyOf(request)))
  const answer = await createHttp(server.url)
    .post('/upload', { file: join(folder, 'gpus.csv') })
    .send()
  await rm(folder, { recursive: true })
  assert.match(answer.text, /name="file"; filename="gpus\.csv"[\s\S]*a,b\n1,2/)
})

test('no answer is a failure that names the cause', async () => {
  const nobody = createReference('nobody.url', [], () => 'http://127.0.0.1:9')
  await expect(createHttp(nobody).get('/')).toFail(/refused/)
  const failure = await failureOf(expect(createHttp(nobody).get('/')).toRespond(200, { within: '30ms' }))
  assert.match(failure.message, /last {6}no answer to GET http:\/\/127\.0\.0\.1:9\/: refused/)
})

test('an answer is no failure to answer', async () => {
  await using server = await serve((_, response) => response.end())
  await failureOf(expect(createHttp(server.url).get('/')).toFail(/refused/, { within: '30ms' }))
})

test('a body that is not JSON says so and shows itself', async () => {
  await using server = await serve((_, response) => response.end('<html>'))
  const failure = await failureOf(
    expect(createHttp(server.url).get('/')).toRespond(200, { json: { a: 1 }, within: '30ms' }),
  )
  assert.match(failure.message, /json: expected \{ a: 1 \}, saw the answer is not JSON/)
})

test('mistakes in a request are told before anything is sent', () => {
  const url = createReference('x.url', [], () => 'http://127.0.0.1:9')
  assert.throws(() => createHttp(url).get('health'), UsageError)
  assert.throws(
    () => expect(createHttp(url).get('/')).toRespond(200, { json: {} }),
    /an empty pattern matches everything/,
  )
})
