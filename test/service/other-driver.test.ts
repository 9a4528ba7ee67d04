import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { at, type Viewer } from '../../src/reference.ts'
import type { Driver, Exit } from '../../src/service/driver.ts'
import { createProgram } from '../../src/service/program.ts'
import { start } from '../../src/service/start.ts'
import { ownState } from './own-state.ts'
import { saying } from './programs.ts'

/** A network of its own, where everybody is at `name:80`; from the host, at another port. Programs print what they were told. */
const INSIDE: Viewer = { place: 'inside' }
const inside: Driver = {
  name: 'inside',
  viewer: INSIDE,
  capabilities: new Set(),
  async lease({ service, ports }) {
    const lease = {
      host: service,
      ports: Object.fromEntries(Object.keys(ports).map((name) => [name, 80])),
      dir: '/inside',
      addressFor: (viewer: Viewer, port: number) =>
        viewer.place === INSIDE.place ? { host: service, port } : { host: '127.0.0.1', port: 8000 + port },
      exchange: async () => lease,
      release: async () => {},
    }
    return lease
  },
  async launch(plan) {
    const { promise: exited, resolve } = Promise.withResolvers<Exit>()
    plan.write('stdout', Buffer.from(`${plan.command.join(' ')}\n${plan.env['TO']}\n`))
    return {
      exited,
      signal(signal) {
        resolve({ code: null, signal })
        return true
      },
      usage: async () => ({ cpu: 0, rss: 0 }),
      children: async () => [],
      listener: async () => ({ whose: 'unknown' }),
      sweep: async () => [],
      killNow: () => {},
    }
  },
}

test('the same wiring reads differently for each driver, and only what runs on this machine leaves traces on it', async () => {
  const web = createProgram({
    name: 'web',
    run: ({ port }) => ['serve', port],
    ready: 'started',
    driver: inside,
  })
  const near = createProgram({
    name: 'near',
    run: ['call', at`http://${web}/x`],
    env: { TO: web.port },
    port: 'none',
    driver: inside,
  })
  await start(near, web)
  assert.deepEqual(near.logs.tail(2), ['call http://web:80/x', '80'])
  assert.equal(String(web.url), 'http://127.0.0.1:8080')
  assert.ok(!existsSync(ownState) || !existsSync(`${ownState}/runs`))
  await using far = createProgram({ ...saying('prints_environment.sh'), env: { TO: at`${web}` } })
  await start(far)
  assert.deepEqual(await far.logs.lines(/^TO=/).read(), ['TO=127.0.0.1:8080'])
  await assert.rejects(web.pid.read(), /web has no pid on this machine/)
  await assert.rejects(web.pause(), /web cannot be asked for that: the inside driver has no pause/)
  await near[Symbol.asyncDispose]()
  await web[Symbol.asyncDispose]()
})
