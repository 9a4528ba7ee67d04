// The same parts inside of Playwright: programs are plain disposables, claims reject, and so does a scenario that does not pass.
import { test } from '@playwright/test'
import { expect, scenario, service, start, step } from 'shakedown'

const SERVER = `
let served = 0
require('node:http').createServer((q, r) => r.end('served: ' + ++served)).listen(process.env.PORT, '127.0.0.1')`

function describeWeb() {
  return service({ name: 'web', run: ['node', '-e', SERVER], port: { env: 'PORT' } })
}

test('a server counts', async () => {
  await using web = describeWeb()
  await start(web)
  await expect(web.get('/')).toRespond(200, { text: 'served: 1' })
})

test('and begins anew after it was killed', async () => {
  await scenario('a killed server', async () => {
    const web = describeWeb()
    await start(web)
    await step('comes back', async () => {
      await web.kill()
      await web.start()
      await expect(web.get('/')).toRespond(200, { text: 'served: 1' })
    })
  })
})
