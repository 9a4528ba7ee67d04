import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'

// Before the mode is read.
process.env['SHAKEDOWN_MODE_PATIENCE'] = '100ms'
const { expect } = await import('../../src/expect/expect.ts')
const { createHttp } = await import('../../src/http/http.ts')
const { at } = await import('../../src/reference.ts')

test('what is sent once may take longer than what is looked at again: it is never sent a second time', async (context) => {
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    // Longer than a first look is given by the loop, whatever its patience.
    setTimeout(() => response.end('done'), 6000)
  }).listen(0, '127.0.0.1')
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port
  const http = createHttp(at`http://127.0.0.1:${port}`)
  await expect(http.post('/')).toRespond(200, { text: 'done' })
  assert.equal(asked, 1)
})
