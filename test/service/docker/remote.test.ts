import '../own-state.ts'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { env } from 'node:process'
import { after, test } from 'node:test'
import { SCRIPT_FLAGS, wishesOf } from '../../../src/cli/common-flags.ts'
import { readFlags } from '../../../src/cli/flags.ts'
import { ENGINE_VARIABLE, engineNamed } from '../../../src/service/chosen.ts'
import { engineAddress, isRemote } from '../../../src/service/docker/engine.ts'
import { start } from '../../../src/service/start.ts'
import { redis } from '../../../src/services/redis.ts'
import { service } from '../../../src/services/service.ts'
import { describeWithDocker, NODE, REDIS } from './engine.ts'

/** The loopback by a name that only the system knows for it: as another machine, but reached by nobody else. */
const ELSEWHERE = '127.1'

after(() => {
  delete env[ENGINE_VARIABLE]
})

test('an engine is named by a flag, and mistakes in it are told', () => {
  const read = (...words: readonly string[]) => wishesOf(readFlags(words, SCRIPT_FLAGS))
  assert.deepEqual(read('--docker-host', 'tcp://there:2375'), { [ENGINE_VARIABLE]: 'tcp://there:2375' })
  assert.throws(
    () => read('--docker-hots', 'x'),
    /unknown flag: --docker-hots\n.*did you mean --docker-host\?/,
  )
  assert.throws(() => read('--docker-host'), /--docker-host needs a value/)
  assert.throws(
    () => engineNamed('there:2375'),
    /no address of a Docker engine: there:2375\n.*tcp:\/\/host:port/,
  )
  assert.throws(() => engineNamed('ssh://me@there'), /ssh -NL .* me@there/)
})

describeWithDocker('an engine of another machine that is named', () => {
  test('runs images as they are deployed, and says what it cannot', async () => {
    const local = engineAddress().replace('unix://', '')
    await using door = await openDoor(local)
    env[ENGINE_VARIABLE] = `tcp://${ELSEWHERE}:${door.port}`
    assert.equal(isRemote(), true)
    {
      // Who accepts on its port there is the engine: only its log says that it listens.
      await using cache = service({ image: REDIS, port: 6379, ready: { log: /Ready to accept/ } })
      await start(cache)
      const socket = connect({ host: '127.0.0.1', port: Number(cache.port) })
      socket.write('PING\r\n')
      const [answer] = await once(socket, 'data')
      socket.destroy()
      assert.equal(String(answer), '+PONG\r\n')
      assert.match(String(cache), /^127\.0\.0\.1:\d+$/)
    }
    await using shown = service({ image: NODE, run: ['cat', '/x'], files: { '/x': 'x' }, ready: 'started' })
    await assert.rejects(start(shown), /\/x cannot be shown to a container on an engine of another machine/)
    env['SHAKEDOWN_DRIVER'] = 'docker'
    await using placed = redis()
    delete env['SHAKEDOWN_DRIVER']
    await assert.rejects(start(placed), /in the place of a process on an engine of another machine/)
  })
})

/** The engine of this machine behind a port. */
async function openDoor(path: string) {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path, allowHalfOpen: true })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.pipe(other)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}
