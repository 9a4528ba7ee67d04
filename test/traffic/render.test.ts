import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../src/error.ts'
import type { PlannedRequest } from '../../src/traffic/plan.ts'
import { renderRequest } from '../../src/traffic/render.ts'

const TARGET = { host: '127.0.0.1', port: 8088 }

function render(request: Partial<PlannedRequest>, target = TARGET) {
  return renderRequest({ weight: 1, method: 'GET', path: '/', ...request }, target)
}

test('a GET has no body and says its host', () => {
  const { bytes, label, title, isHead, closes } = render({ path: '/status?a=b' })
  assert.equal(
    bytes.toString(),
    'GET /status?a=b HTTP/1.1\r\nHost: 127.0.0.1:8088\r\nUser-Agent: shakedown\r\n\r\n',
  )
  assert.deepEqual(
    { label, title, isHead, closes },
    { label: '/status?a=b', title: 'GET /status?a=b', isHead: false, closes: false },
  )
})

test('a body brings its length in bytes, and a POST without one says so', () => {
  const post = render({
    method: 'POST',
    body: '{"a":"é"}',
    headers: { 'Content-Type': 'application/json' },
  }).bytes
  assert.match(
    post.toString(),
    /\r\nContent-Type: application\/json\r\n.*\r\nContent-Length: 10\r\n\r\n\{"a":"é"\}$/,
  )
  assert.match(render({ method: 'POST' }).bytes.toString(), /\r\nContent-Length: 0\r\n\r\n$/)
  assert.doesNotMatch(render({ method: 'DELETE' }).bytes.toString(), /Content-Length/)
  assert.match(
    render({ method: 'DELETE', body: Buffer.from([0, 1]) }).bytes.toString(),
    /Content-Length: 2\r\n\r\n/,
  )
})

test('headers that are given replace the usual ones', () => {
  const text = render({
    headers: { host: 'example.test', 'USER-AGENT': 'x', Connection: 'Close' },
  }).bytes.toString()
  assert.equal(text, 'GET / HTTP/1.1\r\nhost: example.test\r\nUSER-AGENT: x\r\nConnection: Close\r\n\r\n')
  assert.equal(render({ headers: { Connection: 'Close' } }).closes, true)
})

test('the host is written as the standard wants it', () => {
  const hostOf = (host: string, port: number) =>
    /Host: (.*)\r/.exec(render({}, { host, port }).bytes.toString())?.[1]
  assert.equal(hostOf('::1', 8088), '[::1]:8088')
  assert.equal(hostOf('example.test', 80), 'example.test')
})

test('a label names what is counted, HEAD is known', () => {
  assert.equal(render({ label: 'search' }).label, 'search')
  assert.equal(render({ method: 'HEAD' }).isHead, true)
})

const REFUSED: Readonly<Record<string, Partial<PlannedRequest>>> = {
  'a path without /': { path: 'status' },
  'a path with a blank': { path: '/a b' },
  'a path with a second request': { path: '/ HTTP/1.1\r\nX: y' },
  'a path with a fragment': { path: '/#top' },
  'a path beyond ASCII': { path: '/é' },
  'a method with a blank': { method: 'GET /' },
  'no method': { method: '' },
  'a header that ends the line': { headers: { 'X-A': 'b\r\nX-C: d' } },
  'a header name with a colon': { headers: { 'X:A': 'b' } },
  'a length of its own': { headers: { 'content-length': '3' } },
  'a transfer coding': { headers: { 'Transfer-Encoding': 'chunked' } },
}

for (const [name, request] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, () => assert.throws(() => render(request), UsageError))
}
