#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../scripts/node" "$0" "$@"'
// The parts of a bash script, one by one: start, wait, count, expire. A shop that keeps each sale in Redis for five seconds.
import { expect, keys, redis, scenario, service, start, step, traffic } from 'shakedown'

// #region start
const cache = redis()
const shop = service({
  name: 'shop',
  run: ['node', 'shop.mjs'],
  files: { 'shop.mjs': ({ port }) => createShop(port) },
  env: { REDIS: cache },
  ready: { http: '/' },
  metrics: '/metrics',
})
// #endregion

await scenario('a shop that keeps its sales', { requires: ['redis-server'], tags: ['example'] }, async () => {
  await start(cache, shop)

  await step('every sale is counted', async () => {
    // #region count
    const sold = await shop.metrics.value('shop_sales_total').fromNow()
    const sent = await traffic(shop, { paths: { '/': 1 }, rate: '100/s', for: '1s' })
    await expect(sold).toBe(sent.total)
    // #endregion
  })

  await step('and forgotten by itself', async () => {
    // #region expire
    await expect(keys(cache, 'sale:*')).toExpire({ within: '60s', deletions: 0 })
    // #endregion
  })
})

function createShop(port: number): string {
  return `
    import { createServer } from 'node:http'
    import { connect } from 'node:net'
    const [host, redisPort] = process.env.REDIS.split(':')
    const redis = connect(Number(redisPort), host)
    let sold = 0
    createServer((request, response) => {
      if (request.url === '/metrics') {
        response.setHeader('content-type', 'text/plain; version=0.0.4')
        return response.end('# TYPE shop_sales_total counter\\nshop_sales_total ' + sold + '\\n')
      }
      redis.write('SET sale:' + ++sold + ' 1 EX 5\\r\\n')
      redis.once('data', () => response.end('sold'))
    }).listen(${port}, '127.0.0.1')`
}
