import './own-state.ts'
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createProgram } from '../../src/service/program.ts'
import type { ProgramSpec } from '../../src/service/spec.ts'
import { start } from '../../src/service/start.ts'
import { answering, command, saying } from './programs.ts'
import { until } from './until.ts'

describe('what a start that fails says', () => {
  test('a program that dies at boot', async () => {
    assert.equal(
      await messageOf({ name: 'dying', run: command('exits_at_boot.mjs'), port: { env: 'PORT' } }),
      [
        'dying died while it started: exit code 3',
        '  expected  a connection',
        '  at        test/service/ready.test.ts:<line>',
        '  log       dying | reading the configuration',
        '            dying | no such section: [server]',
      ].join('\n'),
    )
  })

  test('a program that is never ready: what was seen last, and on the way', async () => {
    const message = await messageOf(
      answering({ name: 'late', run: command('never_ready.mjs'), within: '2s' }),
    )
    assert.equal(
      message.replace(/waited {4}.*/, 'waited    <time>, <looks>').replace(/ \(127.0.0.1:\d+\)/, ''),
      [
        'late was not ready in time',
        '  expected  an answer to GET /',
        '  last      GET / gave 503 "db down"',
        '  waited    <time>, <looks>',
        '  at        test/service/ready.test.ts:<line>',
        "  hint      it runs: see its last lines, or give it more time: within: '2m'",
        '  log       late | waiting for the database',
      ].join('\n'),
    )
    assert.match(message, /waited {4}\S+s, \d+ looks: GET \/ of 127\.0\.0\.1:\d+ refused/)
  })

  test('a program that says itself that it is hopeless, at once', async () => {
    const message = await messageOf(
      answering({ name: 'hopeless', run: command('never_ready.mjs'), failOn: [/waiting for the database/] }),
    )
    assert.equal(
      message,
      [
        'hopeless will not get ready: waiting for the database',
        '  expected  an answer to GET /',
        '  at        test/service/ready.test.ts:<line>',
        '  hint      its spec lists this line in failOn, so it was not waited for any longer',
        '  log       hopeless | waiting for the database',
      ].join('\n'),
    )
  })

  test('a program that somebody else kills', async () => {
    await using web = createProgram({
      ...saying('ignores_term.sh', '1122'),
      name: 'shot',
      ready: { log: /never/ },
    })
    const starting = start(web)
    const failed = assert.rejects(starting, {
      message: /^shot died while it started: ended by SIGKILL\n(.*\n)*.*hint {6}somebody else killed it/,
    })
    await until('it runs', async () => (await web.logs.lines(/ready/).read()).length > 0)
    process.kill(await web.pid.read(), 'SIGKILL')
    await failed
  })

  test('a program that says nothing', async () => {
    const message = await messageOf({
      name: 'mute',
      run: ['sh', '-c', 'exit 1'],
      port: 'none',
      ready: { log: /x/ },
    })
    assert.match(message, /log {7}mute \| \(it printed nothing\)$/)
  })

  test('a check that is a mistake is told as one, at once', async () => {
    await using web = createProgram(
      answering({
        name: 'mistaken',
        ready: {
          check: async (place) => {
            throw new TypeError(`no ${place.port}`)
          },
        },
        within: '300ms',
      }),
    )
    await assert.rejects(start(web), /mistaken was not ready in time\n(.*\n)*.*last {6}no \d+/)
  })
})

describe('ready', () => {
  test('by a log line that comes twice, on either stream', async () => {
    await using twice = createProgram({
      name: 'twice',
      run: ['sh', '-c', 'echo worker; echo worker >&2; exec sleep 1123'],
      port: 'none',
      ready: { log: /worker/g, times: 2 },
    })
    await start(twice)
    assert.equal(twice.logs.tail(5).length, 2)
  })

  test('by as many log lines as the first of them says', async () => {
    const tell = (words: string) => ({
      run: ['sh', '-c', `${words}; exec sleep 1123`],
      port: 'none' as const,
      ready: { log: /worker of (?<times>\d+)/, times: 'told' as const },
    })
    await using three = createProgram({
      name: 'three',
      ...tell('for one in 1 2 3; do echo worker of 3; done'),
    })
    await start(three)
    assert.equal(three.logs.tail(5).length, 3)
    await using two = createProgram({
      name: 'two',
      ...tell('echo worker of 3; echo worker of 3'),
      within: '300ms',
    })
    await assert.rejects(start(two), /as often as it says\n {2}last {6}2 of 3; last line: worker of 3/)
  })

  test('by all of several facts', async () => {
    const seen: string[] = []
    await using web = createProgram(
      answering({
        ready: {
          all: [
            { http: '/', status: 200 },
            { tcp: true },
            { log: /listening/ },
            {
              check: async (place) => {
                seen.push(`${place.host}:${place.port}`)
                return seen.length > 2 || 'not often enough'
              },
            },
          ],
        },
      }),
    )
    await start(web)
    assert.equal(seen.length >= 3, true)
    assert.equal(seen[0], String(web))
  })

  test('on a further port, that a variable tells', async () => {
    await using web = createProgram({
      name: 'two-ports',
      run: command('answers_http.mjs'),
      port: 'none',
      ports: { metrics: 'PORT' },
      ready: { http: '/', port: 'metrics' },
    })
    await start(web)
    assert.match(String(web.endpoint('metrics')), /^127\.0\.0\.1:\d+$/)
    assert.equal(String(web.endpoint('metrics')).split(':')[1], String(web.ports.metrics))
    assert.throws(() => String(web.port), /two-ports\.port is not known yet/)
  })

  test('anew at every launch: what an earlier life logged does not count', async () => {
    await using once = createProgram({
      name: 'once',
      run: ({ dir }) => ['sh', '-c', `[ -e ${dir}/x ] || echo ready; touch ${dir}/x; exec sleep 1124`],
      port: 'none',
      ready: { log: /ready/ },
      within: '300ms',
    })
    await start(once)
    await assert.rejects(once.restart(), /once was not ready in time/)
  })

  test('after what it is set up with, which is done once', async () => {
    const places: string[] = []
    await using web = createProgram(
      answering({
        async setup(place) {
          places.push(place.dir)
        },
      }),
    )
    await start(web)
    await web.restart()
    assert.equal(places.length, 1)
  })

  test('where its files are', async () => {
    await using reader = createProgram({
      name: 'reader',
      run: ['sh', '-c', 'cat conf/app.ini; echo ready; exec sleep 1125'],
      port: 'none',
      files: { 'conf/app.ini': ({ dir }) => `dir=${dir}\n` },
      ready: { log: /^ready$/ },
    })
    await start(reader)
    assert.match(reader.logs.tail(2)[0] ?? '', /^dir=\/.*reader$/)
  })

  test('as another user, where the runner is root', { skip: process.getuid?.() !== 0 }, async () => {
    await using web = createProgram(answering({ user: 'nobody', in: '/' }))
    await start(web)
    assert.equal(await web.state.read(), 'running')
  })
})

async function messageOf(spec: ProgramSpec): Promise<string> {
  await using program = createProgram(spec)
  try {
    await start(program)
  } catch (error) {
    return error instanceof Error ? error.message.replace(/test\.ts:\d+/, 'test.ts:<line>') : ''
  }
  assert.fail('it started')
}
