import './own-state.ts'
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { listen } from '../../src/event.ts'
import { expect } from '../../src/expect/expect.ts'
import { at } from '../../src/reference.ts'
import { createProgram, type Program } from '../../src/service/program.ts'
import type { ProgramSpec } from '../../src/service/spec.ts'
import { start } from '../../src/service/start.ts'
import { answering, command, saying } from './programs.ts'

describe('the order of a start', () => {
  test('an address in the command is an edge, one in a file is none', async () => {
    await using web = createProgram(answering({ name: 'target' }))
    await using scraper = createProgram({ ...quiet('scraper'), files: { 'targets.txt': at`scrape ${web}` } })
    await using client = createProgram(quiet('client', { run: ['sh', '-c', at`exec sleep 1119 # ${web}`] }))
    const after = await afterOf(() => start(client, scraper, web))
    assert.deepEqual(after.get(scraper.name), [])
    assert.deepEqual(after.get(client.name), [web.name])
  })

  test('an address that a function turns into text is an edge, too', async () => {
    await using web = createProgram(answering({ name: 'target' }))
    await using client = createProgram(
      quiet('client', { run: () => ['sh', '-c', `exec sleep 1119 # ${web.url}`] }),
    )
    const after = await afterOf(() => start(client, web))
    assert.deepEqual(after.get(client.name), [web.name])
  })

  test('waits: false makes no edge, needs makes one', async () => {
    await using web = createProgram(answering({ name: 'target' }))
    await using proxy = createProgram(quiet('proxy', { env: { TO: web.url }, waits: false }))
    await using late = createProgram(quiet('late', { needs: [web] }))
    const after = await afterOf(() => start(proxy, late, web))
    assert.deepEqual(after.get(proxy.name), [])
    assert.deepEqual(after.get(late.name), [web.name])
  })

  test('two that know each other by file start together', async () => {
    const members: Program[] = []
    const others = (own: number) => () => members.filter((_, index) => index !== own).join(' ')
    for (const index of [0, 1]) {
      members.push(createProgram(answering({ name: 'member', files: { peers: others(index) } })))
    }
    await start(...members)
    for (const member of members) await member[Symbol.asyncDispose]()
  })

  test('two starts at the same time know of each other', async () => {
    await using web = createProgram(answering({ name: 'target' }))
    await using client = createProgram(quiet('client', { env: { TO: web.url } }))
    await using reader = createProgram(quiet('reader', { files: { to: web.url } }))
    const after = await afterOf(() => Promise.all([start(client), start(reader), start(web)]))
    assert.deepEqual(after.get(client.name), [web.name])
    assert.deepEqual(after.get(reader.name), [])
  })

  test('an address in a file is waited for where only its program can tell it', async () => {
    await using web = createProgram({
      ...answering({ name: 'announcing', run: command('answers_http.mjs', '0') }),
      port: { announced: /listening on \S+:(?<port>\d+)/ },
    })
    await using reader = createProgram({
      ...quiet('reader', { run: ['sh', '-c', 'cat to; exec sleep 1119'], ready: { log: /^http/ } }),
      files: { to: at`${web.url}\n` },
    })
    await start(reader, web)
    assert.deepEqual(reader.logs.tail(1), [String(web.url)])
  })

  test('a service that is disposed while it starts leaves nothing, at whatever moment', async () => {
    for (let turns = 0; turns < 40; turns += 1) {
      const web = createProgram(answering({ name: 'brief' }))
      const starting = start(web)
      const failed = assert.rejects(starting, /brief\S* was stopped while it started/)
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate)
      await web[Symbol.asyncDispose]()
      await failed
    }
  })

  test('those that use it are stopped before it', async () => {
    const web = createProgram(answering({ name: 'target' }))
    const client = createProgram({ ...saying('slow_to_stop.mjs', '300'), env: { TO: web.url } })
    const failing = createProgram(
      quiet('failing', { run: ['false'], ready: { log: /never/ }, needs: [client] }),
    )
    const exits = await exitsOf(() => assert.rejects(start(web, failing, client), /failing\S* died/))
    assert.deepEqual(exits, [failing.name, client.name, web.name])
  })
})

describe('mistakes in a start', () => {
  test('a service that is not started', async () => {
    const cache = createProgram(answering({ name: 'cache' }))
    await using app = createProgram(quiet('app', { env: { CACHE: cache.url } }))
    await assert.rejects(start(app), {
      code: 'usage',
      message: new RegExp(
        [
          `^${app.name} refers to ${cache.name}, which is not started`,
          '  at        test/service/start.test.ts:\\d+',
          `  hint      start it with it, or before: await start\\(${app.name}, ${cache.name}\\)$`,
        ].join('\n'),
      ),
    })
  })

  test('the same for an address in a file', async () => {
    const cache = createProgram(answering({ name: 'cache' }))
    await using app = createProgram(quiet('app', { files: { conf: at`${cache}` } }))
    await assert.rejects(start(app), /refers to cache\S*, which is not started/)
  })

  test('services that wait for each other', async () => {
    const ring: Program[] = []
    const next = (index: number) => () => ({ NEXT: String(ring[(index + 1) % 3]?.url) })
    for (const index of [0, 1, 2])
      ring.push(createProgram(answering({ name: `ring${index}`, env: next(index) })))
    await assert.rejects(start(...ring), (error: Error) => {
      assert.match(error.message, /^services wait for each other: ring0 → ring1 → ring2 → ring0\n/)
      assert.match(error.message, /waits: false/)
      return true
    })
  })

  test('one service listed twice, or started twice', async () => {
    await using web = createProgram(answering())
    await assert.rejects(start(web, web), /web\S* is listed twice/)
    await start(web)
    await assert.rejects(start(web), /web\S* was started already: it is running/)
    await web.stop()
    await assert.rejects(start(web), /it is stopped\n.*\n\s+hint\s+start it again by its own method/)
  })

  test('a service that was disposed', async () => {
    const web = createProgram(answering())
    await start(web)
    await web[Symbol.asyncDispose]()
    await assert.rejects(web.start(), /cannot be started again: it was disposed/)
    await assert.rejects(start(web), /cannot be started again: it was disposed/)
  })

  test('a program that nobody tells its port', async () => {
    await using web = createProgram({ run: ['sleep', '1119'] })
    await assert.rejects(start(web), /^UsageError: nothing tells sleep\S* on which port to listen/)
  })

  test('a text made of an address before the start', () => {
    const web = createProgram(answering({ name: 'early' }))
    assert.throws(() => createProgram({ run: ['x', `${web.url}`] }), /early\.url is not known yet/)
  })

  test('a program that does not exist, with the nearest one and how to get it', async () => {
    await using web = createProgram({
      run: ['slepe', '1119'],
      port: 'none',
      install: 'apt-get install coreutils',
      env: { PATH: '/usr/bin:/bin' },
    })
    await assert.rejects(start(web), {
      code: 'preflight',
      message: [
        'slepe cannot be started: there is no program slepe in the 2 folders of the PATH',
        '  hint      install it: apt-get install coreutils',
        '  hint      did you mean sleep?',
      ].join('\n'),
    })
  })

  test('a variable of ours that is taken away', async () => {
    process.env['OURS'] = 'and theirs'
    await using kept = createProgram(quiet('kept'))
    await using taken = createProgram(quiet('taken', { env: { OURS: undefined } }))
    await start(kept, taken)
    await expect(kept.logs.lines(/^OURS=/)).toEqual(['OURS=and theirs'])
    await expect(taken.logs.lines(/^ready$/)).toHaveSize(1)
    await expect(taken.logs.lines(/^OURS=/)).toEqual([])
    delete process.env['OURS']
  })

  test('a working directory that does not exist', async () => {
    await using web = createProgram(quiet('lost', { in: 'no/such/folder' }))
    await assert.rejects(start(web), /lost cannot be started: its folder \S+no\/such\/folder does not exist/)
  })

  test('the first failure is the one that is told, and nothing is left running', async () => {
    const web = createProgram(answering({ name: 'fine' }))
    const broken = createProgram(answering({ name: 'broken', run: command('exits_at_boot.mjs') }))
    const client = createProgram(quiet('client', { env: { TO: broken.url } }))
    await assert.rejects(start(client, web, broken), /^Failure: broken died while it started: exit code 3/)
    assert.equal(await web.state.read(), 'stopped')
    await assert.rejects(web.pid.read(), /does not run/)
  })
})

function quiet(name: string, more: Partial<ProgramSpec> = {}): ProgramSpec {
  return { ...saying('prints_environment.sh'), name, ready: 'started', ...more }
}

async function afterOf(act: () => Promise<unknown>): Promise<ReadonlyMap<string, readonly string[]>> {
  const after = new Map<string, readonly string[]>()
  const stopListening = listen((event) => {
    if (event.kind === 'service:starting') after.set(event.service, event.after)
  })
  await act()
  stopListening()
  return after
}

async function exitsOf(act: () => Promise<void>): Promise<readonly string[]> {
  const services: string[] = []
  const stopListening = listen((event) => {
    if (event.kind === 'service:exit') services.push(event.service)
  })
  await act()
  stopListening()
  return services
}
