import '../own-state.ts'
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { speak, stopped } from '../../../fixtures/programs/functions.ts'
import { currentContext } from '../../../src/context.ts'
import { type Act, type Inside, inProcess } from '../../../src/service/in-process/run.ts'
import { createProgram, type Program } from '../../../src/service/program.ts'
import { start } from '../../../src/service/start.ts'
import { checkPrograms } from '../contract.ts'
import { until } from '../until.ts'
import { functions } from './functions.ts'

checkPrograms(functions)

function quiet(name: string, act: Act): Program {
  return createProgram({ name, run: inProcess(act), port: 'none', ready: { log: /^ready$/ } })
}

test('each service has the lines that it printed, by whatever way, and the script its own', async () => {
  await using one = quiet('one', speak('one'))
  await using other = quiet('other', speak('other'))
  await start(one, other)
  for (const service of [one, other]) {
    await until('it spoke', async () => (await service.logs.lines(/later/).read()).length === 1)
    const lines = (await service.logs.lines(/./).read()).filter((line) => line !== 'ready').toSorted()
    assert.deepEqual(
      lines,
      ['by console', 'in pieces', 'later', 'to stderr'].map((what) => `${service.name} ${what}`),
    )
  }
})

const CRASHES: Readonly<Record<string, (inside: Inside) => void>> = {
  'in a timer': () => setTimeout(() => fail('in a timer'), 1),
  'in a promise that nobody awaits': () => void (async () => fail('in a promise that nobody awaits'))(),
  'in a microtask': () => queueMicrotask(() => fail('in a microtask')),
}

function fail(what: string): never {
  throw new Error(`it broke ${what}`)
}

for (const [what, crash] of Object.entries(CRASHES)) {
  test(`an error ${what} is the end of its service, and of nothing else`, async () => {
    let now = () => {}
    await using sound = quiet('sound', async (inside) => {
      inside.log('ready')
      await stopped(inside)
    })
    await using broken = quiet('broken', async (inside) => {
      await Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      now = resolve
      inside.log('ready')
      await Promise.race([promise, stopped(inside)])
      if (inside.signal.aborted) return
      crash(inside)
      await stopped(inside)
    })
    await start(sound, broken)
    now()
    await until('it died', async () => (await broken.state.read()) === 'dead')
    assert.equal(await sound.state.read(), 'running')
    assert.equal((await broken.logs.lines(new RegExp(`^Error: it broke ${what}$`)).read()).length, 1)
    await assert.rejects(broken.stop(), /broken\S* died: exit code 1/)
    await broken.start()
    assert.equal(await broken.state.read(), 'running')
  })
}

test('it may end by returning, by rejecting with what broke it off, but not before it is asked to', async () => {
  await using rejects = quiet('rejects', async ({ log, signal }) => {
    log('ready')
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  await start(rejects)
  await rejects.stop()
  await using returns = quiet('returns', async () => {})
  await assert.rejects(
    start(returns),
    /returns died while it started: exit code 0[\s\S]*it returned, and nobody/,
  )
})

test('what cannot be done to a function is refused, saying why', async () => {
  await using one = quiet('whole', async (inside) => {
    inside.log('ready')
    await stopped(inside)
  })
  await start(one)
  await assert.rejects(one.kill(), /whole cannot be asked for that: the in-process driver has no kill/)
  await assert.rejects(one.pause(), /has no pause/)
  await assert.rejects(one.signal('SIGHUP'), /has no signal/)
  await assert.rejects(
    one.usage.rss.read(),
    /what whole uses cannot be told from what the script itself does/,
  )
  await assert.rejects(one.pid.read(), /whole has no pid on this machine/)
})

test('a server that it leaves open is closed, so that it can start again', async () => {
  await using forgets = createProgram({
    name: 'forgets',
    run: inProcess(async (inside) => {
      createServer((_request, response) => response.end()).listen(inside.port, inside.host)
      await stopped(inside)
    }),
  })
  await start(forgets)
  await forgets.restart()
  assert.equal((await fetch(String(forgets.url))).status, 200)
})

test('it runs outside of the scenario that started it', async () => {
  const seen: unknown[] = []
  await using one = quiet('outside', async (inside) => {
    seen.push(currentContext())
    inside.log('ready')
    await stopped(inside)
  })
  await start(one)
  assert.deepEqual(seen, [undefined])
})

test('it is named by its function, and gets arguments as a program would', async () => {
  let seen: readonly string[] = []
  async function counter(inside: Inside): Promise<void> {
    seen = inside.args
    inside.log('ready')
    await stopped(inside)
  }
  await using one = createProgram({
    run: inProcess(counter, ({ port }) => ['-port', port]),
    ready: { log: /ready/ },
  })
  await start(one)
  assert.match(one.name, /^counter/)
  assert.deepEqual(seen, ['-port', String(one.port)])
})
