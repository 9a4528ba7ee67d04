import '../service/own-state.ts'
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { PreflightError } from '../../src/error.ts'
import { atMost } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import { command } from '../../src/redis/command.ts'
import { deletions } from '../../src/redis/deletions.ts'
import { keys } from '../../src/redis/keys.ts'
import { hash, info } from '../../src/redis/values.ts'
import { at } from '../../src/reference.ts'
import { start } from '../../src/service/start.ts'
import { redis } from '../../src/services/redis.ts'
import { service } from '../../src/services/service.ts'
import { startServer } from '../redis/server.ts'
import { failureOf } from '../redis/story.ts'

test('a visitor that is remembered for two seconds is forgotten', async () => {
  await using cache = redis()
  await start(cache)
  await remember('visitor-1', { at: `${cache.url}`, for: 2 })
  await expect(keys(cache, 'visitor:visitor-1')).toExpire({ within: '2s' })
})

test('keys that an application wrote expire, and it deleted none while it stopped', async () => {
  await using cache = redis()
  await using app = service({ ...writer('EX', '3'), env: { REDIS: cache.url } })
  const entries = keys(cache, 'session:*')
  await start(cache, app)
  await expect(entries).toHaveTtl(atMost('3s'))
  await app.stop()
  await expect(entries).toExpire({ within: '3s', deletions: 0 })
})

test('an application that deletes its keys when it stops is found out', async () => {
  await using cache = redis()
  await using app = service({ ...writer('EX', '300', 'DEL'), env: { REDIS: cache.url } })
  const entries = keys(cache, 'session:*')
  await start(cache, app)
  await expect(entries).toHaveSize(1)
  await app.stop()
  const text = await failureOf(expect(entries).toExpire({ within: '300s', deletions: 0 }))
  assert.match(text, /session:1: deleted \(del\) … before its deadline/)
})

test('nothing is kept on disk, it listens on the loopback only, and its prefix is its own', async () => {
  await using cache = redis({ args: ['--maxmemory', '20mb'] })
  await start(cache)
  const config = await command(cache, 'CONFIG', 'GET', '*').read()
  const value = (name: string) => (Array.isArray(config) ? config[config.indexOf(name) + 1] : undefined)
  assert.deepEqual(['bind', 'save', 'appendonly', 'daemonize', 'maxmemory'].map(value), [
    '127.0.0.1',
    '',
    'no',
    'no',
    String(20 * 1024 * 1024),
  ])
  assert.match(cache.prefix, /^shakedown-[0-9a-f]{12}$/)
  assert.equal(`${cache.url}`, `redis://127.0.0.1:${cache.port}`)
})

test('the database that it was described with is the one that is read', async () => {
  await using cache = redis({ database: 17 })
  await start(cache)
  assert.match(`${cache.url}`, /^redis:\/\/127\.0\.0\.1:\d+\/17$/)
  await command(cache, 'HSET', 'm:1', 'value', 1).read()
  await expect(hash(cache, 'm:1')).toEqual({ value: '1' })
  await expect(hash(at`redis://${cache}/17`, 'm:1')).toEqual({ value: '1' })
  await expect(keys(cache, '*', { db: 3 })).toEqual([])
})

test('deletions are known from the first moment on, and over a restart', async () => {
  await using cache = redis()
  await start(cache)
  await command(cache, 'SET', 'user:1', 'x').read()
  await command(cache, 'UNLINK', 'user:1').read()
  await cache.kill()
  await cache.start()
  await command(cache, 'SET', 'user:2', 'x').read()
  await command(cache, 'DEL', 'user:2').read()
  const found = await deletions(cache, 'user:*').read()
  assert.deepEqual(
    found.map(({ command: by, key }) => [by, key]),
    [
      ['del', 'user:1'],
      ['del', 'user:2'],
    ],
  )
})

test('two side by side do not know of each other', async () => {
  await using one = redis()
  await using two = redis()
  await start(one, two)
  await command(one, 'SET', 'a', 'x').read()
  await expect(keys(one, '*')).toEqual(['a'])
  await expect(keys(two, '*')).toEqual([])
})

test('where another Redis holds the port, that one is left alone', async () => {
  await using server = await startServer()
  const before = await server.client.config('GET', '*')
  await using cache = redis({ port: Number(server.address.split(':')[1]) })
  await assert.rejects(start(cache), /Address already in use|taken|in use|died/)
  assert.deepEqual(await server.client.config('GET', '*'), before)
  const calls = String(await server.client.info('commandstats'))
  assert.doesNotMatch(calls, /cmdstat_(scan|subscribe|publish|pexpiretime|config\|set)/)
})

test('one that runs elsewhere is used, and neither started nor stopped nor changed', async () => {
  await using server = await startServer()
  await server.client.mset('yours:1', 'secret')
  const before = await server.client.config('GET', '*')
  {
    await using cache = redis({ at: `redis://${server.address}`, prefix: 'mine' })
    await start(cache)
    assert.equal(`${cache.url}`, `redis://${server.address}`)
    assert.equal(`${cache}`, server.address)
    const entries = keys(cache, `${cache.prefix}:*`)
    await server.client.set('mine:1', 'x', 'PX', 1500)
    await expect(entries).toExpire({ within: '60s', deletions: 0 })
    assert.throws(() => keys(cache, '*'), /would match keys that others keep/)
    for (const verb of ['stop', 'kill', 'pause', 'resume', 'restart'] as const) {
      await assert.rejects(cache[verb](), /was not started here/, verb)
    }
    await assert.rejects(cache.signal('SIGTERM'), /was not started here/)
    await assert.rejects(command(cache, 'FLUSHALL').read(), /is not sent to a Redis that others use/)
    await assert.rejects(cache.usage.rss.read(), /elsewhere/)
  }
  assert.deepEqual(await server.client.config('GET', '*'), before)
  assert.equal(await server.client.get('yours:1'), 'secret')
})

test('elsewhere, a deletion is found though the script looked at the keys only afterwards', async () => {
  await using server = await startServer()
  await using cache = redis({ at: server.address, prefix: 'mine' })
  await start(cache)
  await server.client.set('mine:1', 'x', 'EX', 50)
  await server.client.set('mine:2', 'x', 'PX', 2500)
  // Looks in the background alone: the script itself has not asked for any key.
  await expect(info(cache, 'commandstats')).toMatch({ cmdstat_pexpiretime: /^calls=\d\d/ })
  await server.client.del('mine:1')
  await expect(deletions(cache, 'mine*')).toHaveSize(1)
  const text = await failureOf(expect(keys(cache, 'mine*')).toExpire({ within: '60s', deletions: 0 }))
  assert.match(text, /mine:1: gone before its deadline/)
})

test('a password and a database in the address are used, and not shown', async () => {
  await using server = await startServer()
  await server.client.config('SET', 'requirepass', 'geheimnis')
  await using cache = redis({ at: `redis://:geheimnis@${server.address}/2`, prefix: 'mine' })
  await start(cache)
  assert.equal(`${cache.url}`, `redis://:geheimnis@${server.address}/2`)
  await server.client.select(2)
  await server.client.set('mine:1', 'x', 'EX', 50)
  const text = await failureOf(expect(keys(cache, 'mine:*')).toHaveSize(7, { within: '50ms' }))
  assert.match(text, /last {6}1 key: mine:1/)
  assert.doesNotMatch(text, /geheimnis/)
})

test('where there is none, that is told before anything else is started, and is no failed claim', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const place = closed.address()
  const port = typeof place === 'object' ? (place?.port ?? 0) : 0
  closed.close()
  await using cache = redis({ at: `redis://127.0.0.1:${port}` })
  await assert.rejects(start(cache), (error: Error) => {
    assert.ok(error instanceof PreflightError)
    assert.equal(
      error.message,
      `there is no Redis for ${cache.name} at 127.0.0.1:${port}
  last      refused: connect ECONNREFUSED 127.0.0.1:${port}
  hint      start one by hand: redis-server --port ${port}
  hint      or name another one
  hint      without \`at\`, redis() starts one of its own`,
    )
    return true
  })
})

test('what accepts connections and is no Redis, or wants a password, is told as that', async () => {
  const stranger = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
    0,
    '127.0.0.1',
  )
  await once(stranger, 'listening')
  const place = stranger.address()
  await using wrong = redis({ at: `127.0.0.1:${typeof place === 'object' ? place?.port : 0}` })
  await assert.rejects(start(wrong), /there is no Redis[\s\S]*last {6}it (is no Redis|closed the connection)/)
  stranger.close()
  await using server = await startServer()
  await server.client.config('SET', 'requirepass', 'geheimnis')
  await using cache = redis({ at: server.address })
  await assert.rejects(start(cache), /last {6}it says NOAUTH Authentication required/)
})

test('REDIS_BIN chooses another program, and one that does not exist is told before anything is launched', async () => {
  const script = `
    import { redis } from './src/services/redis.ts'
    import { start } from './src/service/start.ts'
    await start(redis()).catch((error) => console.log(error.name + ': ' + error.message))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, REDIS_BIN: '/nowhere/redis-server' },
  })
  assert.match(
    stdout,
    /^PreflightError: REDIS_BIN=\/nowhere\/redis-server does not exist\n {2}hint {6}unset REDIS_BIN/,
  )
})

test('options that contradict each other are refused', () => {
  assert.throws(() => redis({ at: 'localhost', port: 7000 }), /gets neither port nor args/)
  assert.throws(() => redis({ at: 'http://localhost' }), /not the address of a Redis/)
  assert.throws(() => redis({ at: 'localhost', prefix: '' }), /an empty prefix/)
  assert.throws(() => redis({ database: 1.5 }), /not a database of Redis: 1.5/)
})

/** What the system under test does: remembers a visitor for so many seconds. */
async function remember(
  visitor: string,
  options: { readonly at: string; readonly for: number },
): Promise<void> {
  const child = spawn('redis-cli', [
    '-u',
    options.at,
    'SET',
    `visitor:${visitor}`,
    'here',
    'EX',
    String(options.for),
  ])
  await once(child, 'exit')
}

/** A program that writes a session when it starts, and with DEL takes it away when it stops. */
function writer(...words: readonly [unit: string, ttl: string, end?: 'DEL']) {
  const [unit, ttl, end] = words
  const last = end === undefined ? '' : `redis-cli -u $REDIS ${end} session:1;`
  const script = `trap '${last} exit 0' TERM; redis-cli -u $REDIS SET session:1 x ${unit} ${ttl}; while :; do read -t 1 line; done`
  return { name: 'writer', run: ['bash', '-c', script], port: 'none', ready: { log: /OK/ } } as const
}
