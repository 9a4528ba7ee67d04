import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { listen } from '../../src/event.ts'
import { expect } from '../../src/expect/expect.ts'
import { at, resolve } from '../../src/reference.ts'
import type { Capability, Driver } from '../../src/service/driver.ts'
import { createProgram } from '../../src/service/program.ts'
import type { ProgramSpec } from '../../src/service/spec.ts'
import { start } from '../../src/service/start.ts'
import { answering as answeringHttp, command, saying as sayingReady } from './programs.ts'
import { until } from './until.ts'

/** How a driver's programs are described: by the names that they have in `fixtures/programs`. */
export interface Programs {
  readonly driver: Driver
  /** How the program of that name is run. */
  as(name: string, ...args: readonly string[]): Pick<ProgramSpec, 'run' | 'driver'>
}

/** What every driver must do. Its programs are those of `fixtures/programs`, run by Node or sh. */
export function checkDriver(driver: Driver): void {
  checkPrograms({ driver, as: (name, ...args) => ({ run: command(name, ...args), driver }) })
}

/** The same for programs that behave like those. What a driver says that it cannot do is left out, and counted. */
export function checkPrograms(programs: Programs): void {
  const { driver } = programs
  describe(`the contract of the ${driver.name} driver`, () => {
    checkLife(programs)
    checkWiring(programs)
    checkEnds(programs)
    checkKill(programs)
    checkPause(programs)
    checkUsage(programs)
    checkExec(programs)
    checkCopy(programs)
    checkNetwork(programs)
  })
}

function can({ driver }: Programs, capability: Capability) {
  return {
    skip: driver.capabilities.has(capability) ? false : `the ${driver.name} driver has no ${capability}`,
  }
}

function answering({ as }: Programs, more: Partial<ProgramSpec> = {}): ProgramSpec {
  return { ...answeringHttp(as('answers_http.mjs')), ...more }
}

function saying({ as }: Programs, name: string): ProgramSpec {
  return { ...sayingReady(name), ...as(name) }
}

function checkLife(programs: Programs): void {
  test('starts a program, reaches it at its address, and stops it', async () => {
    await using web = createProgram(answering(programs))
    assert.throws(() => String(web.url), /web\.url is not known yet/)
    await start(web)
    assert.equal(await statusOf(String(web.url)), 200)
    assert.equal(String(web), `${web.host}:${web.port}`)
    assert.equal(await web.state.read(), 'running')
    await web.stop()
    assert.equal(await web.state.read(), 'stopped')
    await assert.rejects(statusOf(String(web.url)), /ECONNREFUSED/)
  })

  test('starts it again at the same address after stop and by restart', async () => {
    await using web = createProgram(answering(programs))
    await start(web)
    const url = String(web.url)
    await web.stop()
    await web.start()
    assert.equal(await statusOf(url), 200)
    await web.restart()
    assert.equal(await statusOf(url), 200)
    assert.equal(String(web.url), url)
  })

  test('keeps every line of every life', async () => {
    await using web = createProgram(answering(programs))
    await start(web)
    await web.restart()
    assert.equal((await web.logs.lines(/listening on/).read()).length, 2)
  })

  test('tells its life as events', async () => {
    const events: Event[] = []
    const stopListening = listen((event) => events.push(event))
    await using web = createProgram(answering(programs, { name: 'told' }))
    await start(web)
    await web.stop()
    stopListening()
    const kinds = events
      .filter((event) => 'service' in event && event.service === 'told')
      .map(({ kind }) => kind)
    assert.deepEqual(
      kinds.filter((kind) => kind !== 'log'),
      [
        'service:starting',
        'service:started',
        'service:ready',
        'service:stopping',
        'service:exit',
        'service:stopped',
      ],
    )
  })
}

function checkWiring(programs: Programs): void {
  test('starts those first whose address is needed, and gives it as the program sees it', async () => {
    await using first = createProgram(answering(programs, { name: 'first' }))
    await using second = createProgram({
      ...saying(programs, 'prints_environment.sh'),
      env: { NEEDED: at`http://${first}/x`, FLAG: true, COUNT: 3 },
      ready: { log: /^COUNT=3$/ },
    })
    const order: string[] = []
    const stopListening = listen((event) => {
      if (event.kind === 'service:starting' || event.kind === 'service:ready')
        order.push(`${event.kind} ${event.service}`)
    })
    await start(second, first)
    stopListening()
    assert.ok(
      order.indexOf(`service:ready ${first.name}`) < order.indexOf(`service:starting ${second.name}`),
      order.join(),
    )
    const [line] = await second.logs.lines(/^NEEDED=/).read()
    assert.equal(line, `NEEDED=http://${resolve(first, programs.driver.viewer)}/x`)
    assert.deepEqual(await second.logs.lines(/^FLAG=/).read(), ['FLAG=true'])
  })

  test('learns the port that a program chose itself', async () => {
    await using web = createProgram({
      name: 'chooses',
      ...programs.as('answers_http.mjs', '0'),
      port: { announced: /listening on \S+:(?<port>\d+)/ },
      ready: { http: '/' },
    })
    await using after = createProgram({
      ...saying(programs, 'prints_environment.sh'),
      env: { CHOSEN: web.port },
      ready: { log: /^CHOSEN=\d+$/ },
    })
    await start(after, web)
    assert.equal(await statusOf(String(web.url)), 200)
    assert.deepEqual(await after.logs.lines(/^CHOSEN=/).read(), [`CHOSEN=${web.port}`])
  })
}

function checkEnds(programs: Programs): void {
  test('a program that dies at boot fails by name, with its code and last lines', async () => {
    await using web = createProgram(
      answering(programs, { name: 'dying', ...programs.as('exits_at_boot.mjs') }),
    )
    await assert.rejects(start(web), (error: Error) => {
      assert.match(error.message, /^dying died while it started: exit code 3\n/)
      assert.match(error.message, /dying \| reading the configuration/)
      assert.match(error.message, /dying \| no such section/)
      return true
    })
  })

  test('a program that ignores its stop signal is ended by force, which is a failure of a stop that was asked for', async () => {
    const events: Event[] = []
    const stopListening = listen((event) => events.push(event))
    await using web = createProgram({ ...saying(programs, 'ignores_term.mjs'), stop: { within: '100ms' } })
    await start(web)
    await assert.rejects(web.stop(), /ignores_term\S* did not stop when it was told to/)
    assert.equal(await web.state.read(), 'stopped')
    stopListening()
    const stopped = events.find((event) => event.kind === 'service:stopped')
    assert.equal(stopped?.forced, true)
  })

  test('an end that is not clean is a failure', async () => {
    await using web = createProgram({ ...saying(programs, 'ends_unclean.mjs') })
    await start(web)
    await assert.rejects(web.stop(), /did not end cleanly: exit code 5\n(.*\n)*.*double free/)
  })

  test('an end that its spec calls clean is none', async () => {
    await using web = createProgram({ ...saying(programs, 'ends_unclean.mjs'), stop: { clean: [5] } })
    await start(web)
    await web.stop()
  })
}

function checkKill(programs: Programs): void {
  test('starts it again at the same address after it was killed', can(programs, 'kill'), async () => {
    await using web = createProgram(answering(programs))
    await start(web)
    const url = String(web.url)
    await web.kill()
    await assert.rejects(statusOf(url), /ECONNREFUSED/)
    await web.start()
    assert.equal(await statusOf(url), 200)
    assert.equal(String(web.url), url)
  })
}

function checkPause(programs: Programs): void {
  test(
    'a paused program does not answer until it is resumed, and can be stopped',
    can(programs, 'pause'),
    async () => {
      await using web = createProgram(answering(programs))
      await start(web)
      await web.pause()
      assert.equal(await web.state.read(), 'paused')
      const answer = statusOf(String(web.url))
      await web.resume()
      assert.equal(await answer, 200)
      await web.pause()
      await web.stop()
      assert.equal(await web.state.read(), 'stopped')
    },
  )
}

function checkUsage(programs: Programs): void {
  test('tells what it uses', can(programs, 'usage'), async () => {
    await using web = createProgram(answering(programs))
    await start(web)
    const rss = await web.usage.rss.read()
    assert.ok(rss > 10_000_000 && rss < 1_000_000_000, `${rss} bytes`)
    await until('some CPU was used', async () => (await web.usage.cpu.read()) > 0)
    await web.stop()
    await assert.rejects(web.usage.rss.read(), /web\S* does not run: it is stopped/)
  })
}

function checkExec(programs: Programs): void {
  test('runs commands in its folder, with its environment', can(programs, 'exec'), async () => {
    await using one = createProgram({
      ...saying(programs, 'prints_environment.sh'),
      env: { GREETING: 'good day' },
      stop: { signal: 'SIGKILL' },
    })
    await start(one)
    const [line = ''] = await one.logs.lines(/^PWD=/).read()
    const told = await expect(one.exec('sh', '-c', 'pwd; echo "$GREETING, $1" >&2; exit 3', 'sh', 42)).toExit(
      3,
    )
    assert.deepEqual(told, { code: 3, stdout: `${line.slice('PWD='.length)}\n`, stderr: 'good day, 42\n' })
    await assert.rejects(
      async () => one.exec('false'),
      /command failed: prints_environment\S*: false\n.*\n.*exit code 1/,
    )
    await assert.rejects(
      async () => one.exec('surely-not-there'),
      /exit code 12[67]\n(.*\n)*.*surely-not-there/,
    )
    await one.stop()
    assert.throws(() => one.exec('true'), /does not run: it is stopped/)
  })
}

function checkCopy(programs: Programs): void {
  test('takes and gives files and folders', can(programs, 'copy'), async () => {
    await using one = createProgram({
      ...saying(programs, 'prints_environment.sh'),
      stop: { signal: 'SIGKILL' },
    })
    const folder = mkdtempSync(join(tmpdir(), 'shakedown-copy-test-'))
    try {
      mkdirSync(join(folder, 'here/inner'), { recursive: true })
      writeFileSync(join(folder, 'here/inner/ä b.txt'), 'of the folder')
      writeFileSync(join(folder, 'one.bin'), Buffer.from([0, 255, 10]))
      await start(one)
      await one.copyIn(join(folder, 'here'), 'given')
      await one.copyIn(join(folder, 'one.bin'), 'given/deeper/other.bin')
      const { stdout } = await one.exec(
        'sh',
        '-c',
        'cat given/inner/*.txt; echo; wc -c < given/deeper/other.bin',
      )
      assert.equal(stdout.replaceAll(' ', ''), 'ofthefolder\n3\n')
      await one.exec('sh', '-c', 'echo more > given/inner/more')
      await one.copyOut('given', join(folder, 'back'))
      await one.copyOut('given/inner/more', join(folder, 'new/more.txt'))
      assert.equal(readFileSync(join(folder, 'back/inner/ä b.txt'), 'utf8'), 'of the folder')
      assert.deepEqual([...readFileSync(join(folder, 'back/deeper/other.bin'))], [0, 255, 10])
      for (const name of ['back/inner/more', 'new/more.txt'])
        assert.equal(readFileSync(join(folder, name), 'utf8'), 'more\n')
      await assert.rejects(one.copyOut('nothing', folder), /there is no \S*nothing to copy/)
      await assert.rejects(one.copyIn(join(folder, 'nothing'), 'x'), /there is no \S*nothing to copy/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}

function checkNetwork(programs: Programs): void {
  const { as, driver } = programs
  test('is cut off its network, and gets it back', can(programs, 'network'), async () => {
    await using web = createProgram(answering(programs))
    await using other = createProgram({
      ...saying(programs, 'ignores_term.mjs'),
      stop: { signal: 'SIGKILL' },
    })
    await start(web, other)
    const url = String(web.url)
    const asks = `fetch('http://${resolve(web, driver.viewer)}', { signal: AbortSignal.timeout(20_000) })`
    const told = `${asks}.then(() => console.log('it answered'), () => console.log('it did not'))`
    const seen = async () => (await other.exec('node', '-e', told)).stdout
    assert.deepEqual([await statusOf(url), await seen()], [200, 'it answered\n'])
    await web.cut()
    await assert.rejects(statusOf(url), /ECONNREFUSED|ECONNRESET|hang up/)
    assert.equal(await seen(), 'it did not\n')
    assert.equal(await web.state.read(), 'running')
    await web.heal()
    assert.deepEqual([await statusOf(url), await seen()], [200, 'it answered\n'])
    await web.cut()
    await web.restart()
    assert.deepEqual([await statusOf(url), await seen()], [200, 'it answered\n'])
  })

  const refuses = { skip: driver.capabilities.has('network') ? `the ${driver.name} driver does it` : false }
  test('what cannot be done to its network is refused', refuses, async () => {
    await using one = createProgram({
      name: 'plain',
      ...as('prints_environment.sh'),
      port: 'none',
      ready: { log: /^ready$/ },
    })
    await start(one)
    await assert.rejects(one.cut(), /^Usage.*plain\S* cannot be asked for that: the .* driver has no network/)
  })
}

function statusOf(url: string): Promise<number | undefined> {
  return new Promise((settle, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.resume()
      settle(answer.statusCode)
    }).on('error', reject)
  })
}
