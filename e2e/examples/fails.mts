#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../scripts/node" "$0" "$@"'
// Fails on purpose: a shop that forgets to count every 25th sale. What it prints is in fails.txt.
import { expect, scenario, service, start, step, traffic } from 'shakedown'

const shop = service({
  name: 'shop',
  run: ['node', 'shop.mjs'],
  files: {
    'shop.mjs': ({ port }) => `
      import { createServer } from 'node:http'
      let sold = 0, counted = 0
      createServer((request, response) => {
        response.setHeader('content-type', 'text/plain; version=0.0.4')
        if (request.url === '/metrics') return response.end('shop_sales_total ' + counted + '\\n')
        if (++sold % 25 !== 0) counted += 1
        else console.log('sale ' + sold + ': the pencil broke')
        response.end('sold')
      }).listen(${port}, '127.0.0.1')`,
  },
  metrics: '/metrics',
})

await scenario('a shop that counts', { tags: ['example'] }, async () => {
  await start(shop)

  await step('every sale is counted', async () => {
    const counted = await shop.metrics.value('shop_sales_total').fromNow()
    const sent = await traffic(shop, { paths: { '/': 1 }, rate: '100/s', for: '1s' })
    await expect(counted).toBe(sent.total, { within: '2s' })
  })
})
