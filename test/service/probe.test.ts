import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createRawServer, type Server } from 'node:net'
import { describe, test } from 'node:test'
import { probeHttp, probeTcp } from '../../src/service/probe.ts'

const signal = new AbortController().signal

describe('a probe by HTTP', () => {
  test('is met by any good status, or by the one that is asked for', async () => {
    const seen: (string | undefined)[] = []
    const { port, server } = await serve((request, response) => {
      seen.push(request.url, request.headers.host)
      response.statusCode = Number(request.url?.slice(1, 4))
      response.end('x'.repeat(100_000))
    })
    const look = (path: string, status?: number) =>
      probeHttp({ host: '127.0.0.1', port, path, status }, signal)
    assert.equal(await look('/200?a=b'), true)
    assert.equal(await look('/302'), true)
    assert.equal(await look('/503', 503), true)
    assert.equal(await look('/200', 204), `GET /200 gave 200 ${shown('x', 100_000)}`)
    assert.deepEqual(seen.slice(0, 2), ['/200?a=b', `127.0.0.1:${port}`])
    server.close()
  })

  test('says what the server said instead, chunked or not, or nothing', async () => {
    const { port, server } = await serve((request, response) => {
      response.statusCode = 503
      if (request.url === '/chunked') for (const word of ['db', ' ', 'down']) response.write(word)
      response.end(request.url === '/plain' ? 'db down' : '')
    })
    const look = (path: string) => probeHttp({ host: '127.0.0.1', port, path }, signal)
    assert.equal(await look('/plain'), 'GET /plain gave 503 "db down"')
    assert.equal(await look('/chunked'), 'GET /chunked gave 503 "db down"')
    assert.equal(await look('/empty'), 'GET /empty gave 503')
    server.close()
    await once(server, 'close')
    assert.equal(await look('/gone'), `GET /gone of 127.0.0.1:${port} refused`)
  })

  test('is not met by somebody who speaks something else, or hangs up, or says nothing', async () => {
    const { port, server } = await serveRaw(['+PONG\r\n', ''])
    const look = () => probeHttp({ host: '127.0.0.1', port, path: '/' }, AbortSignal.timeout(300))
    assert.equal(await look(), 'GET / gave no HTTP answer: "+PONG\\r\\n"')
    assert.equal(await look(), 'GET / gave no HTTP answer: ""')
    assert.match(String(await look()), /^GET \/ of 127\.0\.0\.1:\d+ (did not answer in time|failed: .*)$/)
    server.close()
  })
})

test('a probe by TCP is met when somebody accepts', async () => {
  const { port, server } = await serveRaw([])
  assert.equal(await probeTcp({ host: '127.0.0.1', port }, signal), true)
  server.close()
  await once(server, 'close')
  assert.equal(await probeTcp({ host: '127.0.0.1', port }, signal), `127.0.0.1:${port} refused`)
})

async function serve(listener: RequestListener) {
  return listening(createServer(listener))
}

/** Gives each connection its answer and hangs up; after the last answer it says nothing at all. */
async function serveRaw(answers: readonly string[]) {
  const left = [...answers]
  return listening(
    createRawServer((socket) => {
      socket.on('error', () => {})
      const answer = left.shift()
      socket.once('data', () => {
        if (answer !== undefined) socket.end(answer)
      })
    }),
  )
}

async function listening<S extends Server>(server: S) {
  server.unref()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return { server, port: address.port }
}

function shown(letter: string, count: number): string {
  const kept = letter.repeat(38)
  return count > 80 ? JSON.stringify(`${kept} … ${kept}`) : JSON.stringify(letter.repeat(count))
}
