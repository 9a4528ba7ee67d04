#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../scripts/node" "$0" "$@"'
// #region example
// A server counts every request once, and starts from nothing after it was killed.
import { expect, scenario, service, start, step, traffic } from 'shakedown'

const web = service({
  name: 'web',
  run: ['node', 'server.mjs'],
  files: {
    'server.mjs': ({ port }) => `
      import { createServer } from 'node:http'
      let served = 0
      createServer((request, response) => {
        if (request.url !== '/metrics') return response.end('served: ' + ++served)
        response.setHeader('content-type', 'text/plain; version=0.0.4')
        response.end('# TYPE web_requests_total counter\\nweb_requests_total ' + served + '\\n')
      }).listen(${port}, '127.0.0.1')`,
  },
  metrics: '/metrics',
})

await scenario('a server that counts', { tags: ['example'] }, async () => {
  await start(web)

  await step('every request is counted once', async () => {
    const counted = await web.metrics.value('web_requests_total').fromNow()
    const sent = await traffic(web, { paths: { '/': 2, '/missing': 1 }, rate: '100/s', for: '1s' })
    await expect(counted).toBe(sent.total)
  })

  await step('a killed server comes back, and begins anew', async () => {
    await web.kill()
    await web.start()
    await expect(web.get('/')).toRespond(200, { text: 'served: 1' })
  })
})
// #endregion
