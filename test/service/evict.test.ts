import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { getuid, platform } from 'node:process'
import { test } from 'node:test'
import { PreflightError } from '../../src/error.ts'
import { evict, freePort, holderOf } from '../../src/service/evict.ts'
import { findHolders, listListening } from '../../src/service/process/listeners.ts'
import { command } from './programs.ts'
import { isRunning, until } from './until.ts'

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

test('workers and the one who forked them end together, and are not forked again', { skip }, async () => {
  const port = await freePort()
  const [node = '', ...args] = command('holds_port_with_workers.mjs', String(port))
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const holders = () => findHolders(listListening(port) ?? [])
  await until('its workers hold it, too', () => holders().length === 3)
  const before = holders()
  await evict(port)
  assert.deepEqual(holders(), [])
  await until('all of them are gone', () => !before.some(isRunning))
})

const GROUPS = '/sys/fs/cgroup/unified'

for (const [group, why] of [
  [
    'decoy.service',
    /not ended: decoy\.service would start it again: stop that instead, systemctl stop decoy\.service/,
  ],
  ['docker-0123abcd', /not ended: it runs in a container/],
] as const) {
  test(`what runs in ${group} is never ended`, { skip: skip || cannotGroup() }, async () => {
    const folder = `${GROUPS}/${group}`
    mkdirSync(folder)
    try {
      await using holder = await hold(LISTENS)
      writeFileSync(`${folder}/cgroup.procs`, String(holder.child.pid))
      await assert.rejects(evict(holder.port), why)
      assert.equal(holder.child.exitCode, null)
    } finally {
      rmdirSync(folder)
    }
  })
}

function cannotGroup(): false | string {
  try {
    mkdirSync(`${GROUPS}/shakedown-try`)
    rmdirSync(`${GROUPS}/shakedown-try`)
    return false
  } catch {
    return 'no control group can be made here'
  }
}
