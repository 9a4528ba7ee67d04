#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../scripts/node" "$0" "$@"'
// Metrics are claimed from what a page says, and from how it changes.
import { atMost, expect, scenario, service, start, step, traffic } from 'shakedown'

const shop = service({
  name: 'shop',
  run: ['node', 'shop.mjs'],
  files: {
    'shop.mjs': ({ port }) => `
      import { createServer } from 'node:http'
      const sales = { tea: 0, coffee: 0 }
      const page = () => Object.entries(sales)
        .map(([kind, sold]) => 'shop_sales_total{kind="' + kind + '"} ' + sold + '\\n').join('')
      createServer((request, response) => {
        const kind = request.url.slice(1)
        if (kind in sales) return response.end('sold: ' + ++sales[kind])
        response.setHeader('content-type', 'text/plain; version=0.0.4')
        response.end('# HELP shop_sales_total What was sold.\\n# TYPE shop_sales_total counter\\n' + page())
      }).listen(${port}, '127.0.0.1')`,
  },
  metrics: '/metrics',
})

await scenario('a shop that counts', { tags: ['example'] }, async () => {
  await start(shop)

  await step('every sale is counted, by kind', async () => {
    // #region rise
    const sales = await shop.metrics.sum('shop_sales_total').fromNow()
    const sent = await traffic(shop, {
      paths: { '/tea': 3, '/coffee': 1 },
      rate: '100/s',
      for: '1s',
      thresholds: ['p95 < 2s', 'errors == 0'],
    })
    await expect(sales).toBe(sent.total)
    await expect(sales.by('kind')).toBe(
      new Map([
        ['coffee', sent.total / 4],
        ['tea', (sent.total / 4) * 3],
      ]),
    )
    // #endregion
  })

  await step('the page is well formed', async () => {
    // #region page
    await expect(shop.metrics.findings()).toEqual([])
    await expect(shop.metrics.count('shop_sales_total')).toBe(atMost(2))
    await expect(shop.metrics.value('shop_sales_total', { kind: 'tea' })).toBe(75)
    // #endregion
  })
})
