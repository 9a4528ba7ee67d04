#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../scripts/node" "$0" "$@"'
// Whatever can be looked at again is waited for in the same way: an answer, a log, a state, and what is made of them.
import { above, derive, expect, scenario, service, start, step } from 'shakedown'

const shop = service({
  name: 'shop',
  run: ['node', 'shop.mjs'],
  files: {
    'shop.mjs': ({ port }) => `
      import { createServer } from 'node:http'
      let sold = 0
      createServer((request, response) => response.end(JSON.stringify({ sold })))
        .listen(${port}, '127.0.0.1', () => console.log('the shop is open'))
      setInterval(() => console.log('sold', ++sold), 40)`,
  },
  ready: { log: /the shop is open/ },
  failOn: [/EADDRINUSE/],
})

await scenario('a busy shop', { tags: ['example'] }, async () => {
  await start(shop)

  await step('what is true at some time', async () => {
    // #region wait
    await expect(shop.get('/')).toRespond(200, { json: { sold: Number } })
    await expect(shop.logs.lines(/^sold/)).toHaveSize(above(2), { within: '5s' })
    await expect(shop.state).toBe('running', { holding: '100ms' })
    // #endregion
  })

  await step('what is made of a look', async () => {
    // #region derive
    const last = derive(shop.logs.lines(/^sold/), 'the last sale', (lines) => Number(lines.at(-1)?.slice(5)))
    await expect(last).toBe(above(5))
    // #endregion
  })
})
