#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../scripts/node" "$0" "$@"'
// Images as services: an application that is built here finds a Redis by its name, and the script finds both on the loopback.
// #region example
import { at, expect, scenario, service, start, step } from 'shakedown'

const cache = service({ image: 'redis:7', port: 6379 })
const app = service({
  build: 'fixtures/images/counts_in_redis',
  port: 8080,
  env: { REDIS_URL: at`redis://${cache}/0` },
  ready: { healthy: true },
})

await scenario('images as they are deployed', { tags: ['docker'], requires: ['docker'] }, async () => {
  await start(cache, app)

  await step('it counts in Redis', async () => {
    await expect(app.get('/')).toRespond(200, { text: '1' })
    await expect(app.get('/')).toRespond(200, { text: '2' })
  })

  await step('the count outlives the application', async () => {
    await app.restart()
    await expect(app.get('/')).toRespond(200, { text: '3' })
  })
})
// #endregion
