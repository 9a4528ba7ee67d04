// Services that do not wait for each other are started together, and stopped together.
import { expect, prometheus, redis, scenario, service, start } from 'shakedown'
import { appInFiles } from '../../e2e/integration/exporter/app.ts'

await scenario('side by side', {}, async () => {
  const slow = service({
    name: 'slow',
    run: ['node', 'fixtures/programs/tells_readiness.mjs', 2000],
    in: '.',
    port: { env: 'PORT' },
  })
  const app = appInFiles('app')
  const services = [redis(), redis(), app, prometheus({ scrape: [app] }), slow] as const
  await start(...services)
  for (const one of services) await expect(one.state).toBe('running')
})
