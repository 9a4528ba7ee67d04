import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { type Context, runInContext } from '../../src/context.ts'
import { expect } from '../../src/expect/expect.ts'
import { keys } from '../../src/redis/keys.ts'
import { memory, type } from '../../src/redis/values.ts'
import { createReference } from '../../src/reference.ts'
import { startServer } from './server.ts'

const ROOT = new URL('../..', import.meta.url).pathname

async function clientsOf(server: { client: { client(word: 'LIST'): Promise<unknown> } }): Promise<number> {
  return String(await server.client.client('LIST'))
    .trim()
    .split('\n').length
}

test('a dead server is a refused read, not a hang; after a restart the next look works (KIT-04)', async () => {
  await using server = await startServer()
  await expect(type(server.own, 'a')).toBe('none')
  await server.kill()
  await assert.rejects(
    type(server.own, 'a').read(),
    /no answer from redis at 127\.0\.0\.1:\d+: (refused|the connection was lost)/,
  )
  await assert.rejects(type(server.own, 'a').read(), /no answer from redis at 127\.0\.0\.1:\d+: refused/)
  await assert.rejects(keys(server.own, 'a').read(), /refused/)
  await server.again()
  await server.client.set('a', 'x')
  await expect(type(server.own, 'a')).toBe('string')
  assert.deepEqual(await keys(server.own, 'a').read(), ['a'])
})

test('a server that stands still is given up by the wait, and answers when it goes on', async () => {
  await using server = await startServer()
  await expect(type(server.own, 'a')).toBe('none')
  server.process.kill('SIGSTOP')
  await assert.rejects(type(server.own, 'a').read(AbortSignal.timeout(100)), /aborted due to timeout/)
  server.process.kill('SIGCONT')
  await expect(type(server.own, 'a')).toBe('none', { within: '60s' })
})

test('many readings share one connection, and a wrong password is told', async () => {
  await using server = await startServer()
  await Promise.all(Array.from({ length: 20 }, () => memory(server.own).read()))
  assert.equal(await clientsOf(server), 2, "the test's own and that of the readings")
  await server.client.config('SET', 'requirepass', 'geheimnis')
  const wrong = memory(`redis://:falsch@${server.address}`, { prefix: 'p' }).read()
  await assert.rejects(wrong, /no answer from 127\.0\.0\.1:\d+: WRONGPASS/)
  await memory(`redis://:geheimnis@${server.address}`, { prefix: 'p' }).read()
})

test('connections are closed with the scenario that opened them', async () => {
  await using server = await startServer()
  const teardowns: (() => Promise<void>)[] = []
  const signal = new AbortController().signal
  const context: Context = {
    ...{ scenario: '1', signal, owe() {}, countClaim() {}, fail() {}, workdir: () => '' },
    own: (_, teardown) => teardowns.push(() => teardown(signal)),
  }
  await runInContext(context, () => keys(server.own, '*').read())
  assert.equal(await clientsOf(server), 3, "the test's own, one that asks, one that hears")
  for (const teardown of teardowns) await teardown()
  await expect(createClients(server)).toBe(1)
})

test('neither a connection nor the watch keeps a process from ending', async () => {
  await using server = await startServer()
  const script = `
    import { keys } from './src/redis/keys.ts'
    console.log(JSON.stringify(await keys('${server.address}', 'p:*', { prefix: 'p:' }).read()))
    keys('127.0.0.1:1', 'p:*', { prefix: 'p:' })`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
  })
  assert.equal(stdout, '[]\n')
})

test('a read that nothing else waits for is still waited for', async () => {
  await using server = await startServer()
  server.process.kill('SIGSTOP')
  const script = `
    import { type } from './src/redis/values.ts'
    console.log('asking')
    console.log(await type('${server.address}', 'p:1', { prefix: 'p:' }).read())`
  const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT })
  await new Promise((resolve) => child.child.stdout?.once('data', resolve))
  server.process.kill('SIGCONT')
  assert.equal((await child).stdout, 'asking\nnone\n')
})

function createClients(server: Parameters<typeof clientsOf>[0]) {
  return { describe: 'clients', read: () => clientsOf(server) }
}

test('the reading of a reference that is not known yet says so', async () => {
  const later = createReference('cache', [{ name: 'cache' }], (): string | undefined => undefined)
  await assert.rejects(memory(later).read(), /cache is not known yet/)
})
