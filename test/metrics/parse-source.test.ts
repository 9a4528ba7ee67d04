import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectOf, parse } from '../../src/metrics/parse.ts'
import { refuse } from './refuse.ts'

test('bytes must be UTF-8, and the first that is not is named', () => {
  assert.equal(parse(Buffer.from('a{b="é"} 1\n')).samples[0]?.labels['b'], 'é')
  assert.equal(parse(Buffer.from('a{b="\uFFFD"} 1\n')).samples[0]?.labels['b'], '\uFFFD')
  const wrong = [
    [[0x61, 0x20, 0x31, 0x0a, 0x61, 0xff], '2:2'],
    [[0xef, 0xbb, 0xbf, 0x61, 0xff], '1:3'],
    [[0x61, 0x7b, 0x62, 0x3d, 0x22, 0xef, 0xbf, 0x22, 0x7d], '1:6'],
    [[...Buffer.from('# é€\u{1F600}\uFFFD\n# '), 0xc3], '2:3'],
  ] as const
  for (const [bytes, place] of wrong) {
    const error = refuse(new Uint8Array(bytes))
    assert.equal(`${error.place?.line}:${error.place?.column}`, place)
    assert.match(error.message, /UTF-8/)
  }
  assert.match(refuse(Buffer.from('\uFEFFa 1\n')).message, /byte order mark/)
})

test('the Content-Type names the dialect', () => {
  assert.equal(dialectOf(undefined), 'text')
  const text = [
    'text/plain',
    'text/plain; version=0.0.4',
    'TEXT/PLAIN;version="0.0.4";charset=UTF-8',
    'text/plain; version=1.0.0; escaping=allow-utf-8',
  ]
  for (const contentType of text) assert.equal(dialectOf(contentType), 'text', contentType)
  const open = [
    'application/openmetrics-text',
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
    'application/openmetrics-text;version=0.0.1',
  ]
  for (const contentType of open) assert.equal(dialectOf(contentType), 'openmetrics', contentType)
})

test('any other Content-Type is an error that names it', () => {
  const wrong = [
    '',
    'text/html; charset=utf-8',
    'application/json',
    'text/plain; version=0.0.5',
    'text/plain; charset=latin1',
    'application/openmetrics-text; version=2.0.0',
    'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily',
  ]
  for (const contentType of wrong) {
    const error = refuse('a 1\n', contentType)
    assert.equal(error.place, undefined)
    assert.ok(error.message.includes(JSON.stringify(contentType)), error.message)
    assert.match(
      error.message,
      /text\/plain; version=0\.0\.4 or application\/openmetrics-text; version=1\.0\.0/,
    )
  }
})

test('the hint of a Content-Type says what it probably is', () => {
  const hints = [
    ['text/html', /is this the path of the metrics\?/],
    ['application/json', /the server must name the format/],
    ['application/vnd.google.protobuf', /Accept: text\/plain/],
    ['text/plain; version=2', /version 2 of text\/plain is not known here/],
    ['text/plain; charset=latin1', /expositions are UTF-8/],
  ] as const
  for (const [contentType, hint] of hints) assert.match(String(refuse('', contentType).story.hint), hint)
})
