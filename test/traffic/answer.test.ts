import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import fc from 'fast-check'
import { beginAnswer, createAnswerReader, endAnswer, readAnswer } from '../../src/traffic/answer.ts'

const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`

/** What is read from these pieces: the state, the status, and whether the connection may be used again. */
function read(
  pieces: readonly string[],
  options: { readonly isToHead?: boolean; readonly ends?: boolean } = {},
) {
  const reader = createAnswerReader()
  const buffer = Buffer.alloc(100_000, 'x') // longer than any piece, and full of something else, as a socket's is
  beginAnswer(reader, options.isToHead ?? false)
  let state = 'more'
  for (const piece of pieces) {
    assert.equal(state, 'more', 'nothing may follow an answer that is complete')
    state = readAnswer(reader, buffer, buffer.write(piece, 'latin1'))
  }
  if (options.ends && state === 'more') state = endAnswer(reader)
  return { state, status: reader.head.status, isReusable: reader.isReusable }
}

const COMPLETE: Readonly<Record<string, readonly [text: string, status: number, isReusable: boolean]>> = {
  'a length': [`${OK}Content-Length: 2\r\n\r\nok`, 200, true],
  'a length of 0': [`${OK}Content-Length: 0\r\n\r\n`, 200, true],
  'a length in other letters': [`${OK}cOnTeNt-LeNgTh:   2  \r\n\r\nok`, 200, true],
  'the same length twice': [`${OK}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`, 200, true],
  'no reason': ['HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n', 404, true],
  'bare line feeds': ['HTTP/1.1 200 OK\nContent-Length: 2\n\nok', 200, true],
  'a name that only begins alike': [`${OK}Content-Length-Not: 9\r\nContent-Length: 0\r\n\r\n`, 200, true],
  'connection: close': [`${OK}Connection: Close\r\nContent-Length: 2\r\n\r\nok`, 200, false],
  'close among others': [`${OK}Connection: foo, close\r\nContent-Length: 0\r\n\r\n`, 200, false],
  'HTTP/1.0': ['HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', 200, false],
  'HTTP/1.0 with keep-alive': [
    'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
    200,
    true,
  ],
  chunks: [`${CHUNKED}4\r\nWiki\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n`, 200, true],
  'chunks with extensions and trailers': [
    `${CHUNKED}2;a="b"\r\nok\r\n0;c\r\nOne: 1\r\nTwo: 2\r\n\r\n`,
    200,
    true,
  ],
  'chunks in large hex with zeros': [`${CHUNKED}00A\r\n0123456789\r\n000\r\n\r\n`, 200, true],
  'chunks that look like the end': [`${CHUNKED}9\r\n0\r\n\r\n0\r\n\r\r\n0\r\n\r\n`, 200, true],
  'chunks and a length, which is suspicious': [
    `${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    200,
    false,
  ],
  'gzip in chunks': [`${OK}Transfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`, 200, true],
  '204': ['HTTP/1.1 204 No Content\r\n\r\n', 204, true],
  '304 with the length of what it does not send': ['HTTP/1.1 304 X\r\nContent-Length: 9\r\n\r\n', 304, true],
  '100 and 103 before': [
    `HTTP/1.1 100 X\r\n\r\nHTTP/1.1 103 X\r\nLink: a\r\n\r\n${OK}Content-Length: 0\r\n\r\n`,
    200,
    true,
  ],
  '101, after which it is HTTP no more': ['HTTP/1.1 101 X\r\n\r\n', 101, false],
}

for (const [name, [text, status, isReusable]] of Object.entries(COMPLETE)) {
  test(`an answer is complete: ${name}`, () => {
    assert.deepEqual(read([text]), { state: 'done', status, isReusable })
    assert.deepEqual(read([...text]), { state: 'done', status, isReusable }, 'byte by byte')
    assert.equal(read([text.slice(0, -1)]).state, 'more', 'its last byte is needed')
    assert.deepEqual(read([`${text}surplus`]), { state: 'done', status, isReusable: false })
  })
}

test('an answer is the same in whatever pieces it comes', () => {
  const texts = fc.constantFrom(...Object.values(COMPLETE).map(([text]) => text))
  const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 8 })
  fc.assert(
    fc.property(texts, cuts, (text, at) => {
      const edges = [
        0,
        ...at.map((cut) => cut % text.length).sort((left, right) => left - right),
        text.length,
      ]
      const pieces = edges.slice(1).map((edge, index) => text.slice(edges[index], edge))
      assert.deepEqual(read(pieces), read([text]))
    }),
  )
})

test('the answer to HEAD ends with its head', () => {
  const expected = { state: 'done', status: 200, isReusable: true }
  assert.deepEqual(read([`${OK}Content-Length: 100\r\n\r\n`], { isToHead: true }), expected)
  assert.deepEqual(read([CHUNKED], { isToHead: true }), expected)
  assert.deepEqual(read([`${OK}\r\n`], { isToHead: true }), expected)
})

test('an answer without a length ends with the connection, others are cut by it', () => {
  const expected = { state: 'done', status: 200, isReusable: false }
  assert.deepEqual(read([`${OK}\r\nas long as`, ' it lasts'], { ends: true }), expected)
  assert.deepEqual(read([`${OK}Transfer-Encoding: gzip\r\n\r\nx`], { ends: true }), expected)
  for (const text of ['', OK, `${OK}Content-Length: 3\r\n\r\nok`, `${CHUNKED}2\r\nok\r\n`]) {
    assert.equal(read([text], { ends: true }).state, 'more', JSON.stringify(text))
  }
})

const MALFORMED: Readonly<Record<string, string>> = {
  'another protocol': 'SSH-2.0-OpenSSH_9.2\r\n',
  'a Redis error': "-ERR unknown command 'GET'\r\n",
  'HTTP/2': 'HTTP/2 200 OK\r\n\r\n',
  'a status of two digits': 'HTTP/1.1 20 OK\r\n\r\n',
  'a status of four digits': 'HTTP/1.1 2000 OK\r\n\r\n',
  'a status that is no number': 'HTTP/1.1 2x0 OK\r\n\r\n',
  'an empty line first': `\r\n${OK}\r\n`,
  'a length that is no number': `${OK}Content-Length: two\r\n\r\n`,
  'a negative length': `${OK}Content-Length: -2\r\n\r\n`,
  'a list of lengths': `${OK}Content-Length: 2, 2\r\n\r\nok`,
  'two lengths': `${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`,
  'a chunk without a size': `${CHUNKED}\r\nok`,
  'a chunk size that is no number': `${CHUNKED}xyz\r\n`,
  'a chunk that is longer than its size': `${CHUNKED}2\r\nokay\r\n0\r\n\r\n`,
  'a chunk size beyond all measure': `${CHUNKED}fffffffffffffffff\r\n`,
  'a head without an end': `${OK}X: ${'x'.repeat(70_000)}`,
}

for (const [name, text] of Object.entries(MALFORMED)) {
  test(`an answer is refused: ${name}`, () => assert.equal(read([text]).state, 'malformed'))
}

test('one reader reads one answer after the other', () => {
  const reader = createAnswerReader()
  for (const [text, status] of Object.values(COMPLETE)) {
    beginAnswer(reader, false)
    const bytes = Buffer.from(text, 'latin1')
    assert.equal(readAnswer(reader, bytes, bytes.length), 'done')
    assert.equal(reader.head.status, status)
  }
})
