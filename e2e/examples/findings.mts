#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../scripts/node" "$0" "$@"'
// A known misbehaviour is claimed as it should be, and held to the way in which it fails today.
import { expect, finding, scenario, service, start, step } from 'shakedown'

const shop = service({
  name: 'shop',
  run: ['node', 'shop.mjs'],
  files: {
    'shop.mjs': ({ port }) => `
      import { createServer } from 'node:http'
      createServer((request, response) => response.end('{ "open": "yes" }')).listen(${port}, '127.0.0.1')`,
  },
})

await scenario('a shop with a flaw', { tags: ['example'] }, async () => {
  await start(shop)

  // #region finding
  await step('the shop says whether it is open', async () => {
    await finding(
      'open is a word where a boolean is promised',
      {
        reason: 'the shop writes yes and no; reported, and known since its first release',
        title: /^not the expected answer: GET \/$/,
        last: /^200 +\{ "open": "yes" \}$/,
      },
      async () => {
        await expect(shop.get('/')).toRespond(200, { json: { open: true }, within: '300ms' })
      },
    )
  })
  // #endregion
})
