import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { getuid, platform } from 'node:process'
import { test } from 'node:test'
import { PreflightError } from '../../src/error.ts'
import { evict, freePort, holderOf } from '../../src/service/evict.ts'

const skip = platform !== 'linux' && 'who holds a port is only known on Linux'
const LISTENS =
  "require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1', () => console.log('listening'))"
const STUBBORN = `process.on('SIGTERM', () => {}); ${LISTENS}`

interface Holder extends AsyncDisposable {
  readonly child: ChildProcess
  readonly port: number
}

async function hold(program: string, options: { uid?: number } = {}): Promise<Holder> {
  const port = await freePort()
  const child = spawn(process.execPath, ['-e', program, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  })
  await once(child.stdout, 'data')
  const exited = once(child, 'exit')
  return {
    child,
    port,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exited
    },
  }
}

test('a free port has no holder, and is nothing to evict', { skip }, async () => {
  const port = await freePort()
  assert.equal(await holderOf(port), undefined)
  await evict(port)
})

test('a holder is told by pid and command', { skip }, async () => {
  await using holder = await hold(LISTENS)
  const found = await holderOf(holder.port)
  assert.equal(found?.pid, holder.child.pid)
  assert.match(found?.describe ?? '', new RegExp(`^pid ${holder.child.pid} \\(.*node.*${holder.port}\\)$`))
})

test('a holder is ended by TERM, and nobody else with it', { skip }, async () => {
  await using holder = await hold(LISTENS)
  await using bystander = await hold(LISTENS)
  const exited = once(holder.child, 'exit')
  await evict(holder.port)
  assert.deepEqual(await exited, [null, 'SIGTERM'])
  assert.equal(await holderOf(holder.port), undefined)
  assert.equal((await holderOf(bystander.port))?.pid, bystander.child.pid)
})

test('a holder that ignores TERM is killed', { skip }, async () => {
  await using holder = await hold(STUBBORN)
  const exited = once(holder.child, 'exit')
  await evict(holder.port)
  assert.deepEqual(await exited, [null, 'SIGKILL'])
})

test('this process itself is never ended', { skip }, async () => {
  const { createServer } = await import('node:net')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await assert.rejects(evict(port), (error: unknown) => {
    assert.ok(error instanceof PreflightError)
    assert.match(error.message, /is not ended: this command runs inside of it/)
    return true
  })
  await new Promise((resolve) => server.close(resolve))
})

const isRoot = getuid?.() === 0
test("another user's process is never ended", {
  skip: skip || (!isRoot && 'only root can start a process of another user'),
}, async () => {
  const nobody = Number(spawnSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).stdout.trim())
  await using holder = await hold(LISTENS, { uid: nobody })
  await assert.rejects(evict(holder.port), /is not ended: it belongs to another user/)
  assert.equal(holder.child.exitCode, null)
})
