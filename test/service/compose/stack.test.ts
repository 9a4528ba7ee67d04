import '../own-state.ts'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { at } from '../../../src/reference.ts'
import { runId } from '../../../src/run-id.ts'
import { start } from '../../../src/service/start.ts'
import { compose } from '../../../src/services/compose.ts'
import { type Service, service } from '../../../src/services/service.ts'
import { NODE } from '../docker/engine.ts'
import { until } from '../until.ts'
import { describeWithCompose } from './installed.ts'

const FILE = 'fixtures/compose/counts.yaml'
const MIGRATES = 'fixtures/compose/migrates.yaml'
const ASK =
  "fetch(process.env.URL).then((answer) => answer.text()).then((text) => console.log('said ' + text)); setInterval(() => {}, 60000)"

describeWithCompose('a Compose file', () => {
  test('is one service: all of it comes up in its order, beside another run of itself, and goes with its network and volume', async () => {
    {
      await using one = compose(FILE, { services: { app: {}, cache: {} } })
      await using other = compose(FILE, { services: { app: {} } })
      await start(one, other)
      for (const { services } of [one, other]) assert.equal(await bodyOf(String(services.app.url)), '1')
      await one.services.app.restart()
      assert.equal(await bodyOf(String(one.services.app.url)), '2')
      assert.equal(objectsOf('volume').length, 2)
      assert.match(objectsOf('volume').join(), /-volumes-data/)
    }
    assert.deepEqual([...objectsOf('volume'), ...objectsOf('network'), ...objectsOf('container')], [])
    // What was built is kept for all runs, not once for each of them.
    const images = docker('images', '--format', '{{.Repository}}:{{.Tag}}').split('\n')
    assert.deepEqual(
      images.filter((name) => name.includes(runId.slice(0, 12))),
      [],
    )
    assert.ok(images.some((name) => name.startsWith('shakedown/counts-in-redis:')))
  })

  test('brings up one service with what it depends on, and what the script wants of it', async () => {
    const stack = compose(FILE, {
      services: { app: { env: { MOTTO: 'from the script' } }, cache: { port: 6379 } },
    })
    await using app = stack.services.app
    await using cache = stack.services.cache
    await start(cache, app)
    const id = objectsOf('container').find((name) => name.endsWith('-app')) ?? ''
    assert.match(docker('inspect', '--format', '{{.Config.Env}}', id), /MOTTO=from the script/)
    await using asks = service({
      image: NODE,
      run: ['node', '-e', ASK],
      env: { URL: at`${app.url}/` },
      ready: { log: /^said/ },
      stop: { signal: 'SIGKILL' },
    })
    await start(asks)
    assert.deepEqual(await asks.logs.lines(/said/).read(), ['said 1'])
  })

  test('waits for what does its work and ends, and does not take the end for a death', async () => {
    await using stack = compose(MIGRATES)
    const { app, migration, greeting }: Readonly<Record<string, Service>> = stack.services
    await start(stack)
    await until(
      'it said what it found',
      async () => (await app?.logs.lines(/^migrated: 0$/).read())?.length === 1,
    )
    await until('both have ended', async () => (await greeting?.state.read()) === 'stopped')
    assert.equal(await migration?.state.read(), 'stopped')
    assert.equal(await app?.state.read(), 'running')
    await using other = compose(MIGRATES, { services: { migration: { env: { ENDS: 4 } } } })
    await assert.rejects(start(other), /^Failure: migration\S* died while it started: exit code 4/)
  })

  test('says what is wrong with it before anything is started', () => {
    assert.throws(
      () => compose(FILE, { services: { ap: {} } }),
      /has no service ap\n[\s\S]*did you mean app\?/,
    )
    const folder = mkdtempSync(join(tmpdir(), 'shakedown-compose-'))
    try {
      const file = join(folder, 'compose.yaml')
      writeFileSync(file, 'services:\n  one:\n    image: redis:7\n    depends_on: [nobody]\n')
      assert.throws(() => compose(file), /Compose does not understand .*\n[\s\S]*nobody/)
      writeFileSync(file, 'services:\n  one:\n    image: redis:7\n    comand: x\n')
      assert.throws(() => compose(file), /Compose does not understand .*\n[\s\S]*comand/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

async function bodyOf(url: string): Promise<string> {
  return (await fetch(url)).text()
}

function objectsOf(what: 'container' | 'network' | 'volume'): readonly string[] {
  const words = what === 'container' ? ['ps', '--all'] : [what, 'ls']
  const name = what === 'container' ? '{{.Names}}' : '{{.Name}}'
  return docker(...words, '--filter', `label=shakedown.run=${runId}`, '--format', name)
    .split('\n')
    .filter((line) => line !== '')
}

function docker(...words: readonly string[]): string {
  return execFileSync('docker', words, { encoding: 'utf8' }).trim()
}
