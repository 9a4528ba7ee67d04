import './own-state.ts'
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { after, describe, test } from 'node:test'
import { evict, holdersOf } from '../../src/service/evict.ts'
import { leasePort } from '../../src/service/ports.ts'
import { command } from './programs.ts'
import { isRunning, until } from './until.ts'

const isRoot = process.getuid?.() === 0
const UNIFIED = '/sys/fs/cgroup/unified'
const children: ChildProcess[] = []

after(() => {
  for (const child of children) child.kill('SIGKILL')
})

describe('a port that is freed', () => {
  test('says who holds it', async () => {
    const { port, pid } = await hold('steals_port.mjs')
    assert.deepEqual(holdersOf(port), [
      { pid, command: command('steals_port.mjs', String(port)).join(' '), untouchable: undefined },
    ])
  })

  test('is held by nobody when nobody listens', async () => {
    assert.deepEqual(holdersOf(await freePort()), [])
    assert.deepEqual(await evict(await freePort()), [])
  })

  test('by telling its holder, and nobody else', async () => {
    const { port, pid } = await hold('steals_port.mjs')
    const bystander = await hold('steals_port.mjs')
    const gone = await evict(port)
    assert.deepEqual(
      gone.map((holder) => holder.pid),
      [pid],
    )
    assert.ok(!isRunning(pid))
    assert.ok(isRunning(bystander.pid))
    assert.deepEqual(holdersOf(port), [])
  })

  test('by force, where the holder does not listen to SIGTERM', async () => {
    const { port, pid } = await hold('holds_port_stubbornly.mjs')
    await evict(port)
    assert.ok(!isRunning(pid))
  })

  test('of workers and the one who forked them together', async () => {
    const { port } = await hold('holds_port_with_workers.mjs')
    await until('its workers hold it, too', () => holdersOf(port).length === 3)
    const gone = await evict(port)
    assert.equal(gone.filter(({ pid }) => isRunning(pid)).length, 0)
  })
})

describe('a port that is not freed', () => {
  test('because the run itself, or who started it, holds it', async () => {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await assert.rejects(evict(port), {
      code: 'preflight',
      message: new RegExp(
        `^port ${port} is held by pid ${process.pid} \\(.*\\), which is not ended\n  last      it has started this run`,
      ),
    })
    server.close()
  })

  test("because it is another user's", { skip: !isRoot && 'only root can make one' }, async () => {
    const { port, pid } = await hold('steals_port.mjs', { uid: 65_534, gid: 65_534 })
    await assert.rejects(evict(port), /which is not ended\n {2}last {6}it belongs to user 65534\n/)
    assert.ok(isRunning(pid))
  })

  for (const [group, why] of [
    ['decoy.service', "it is the service manager's unit decoy.service: systemctl stop decoy.service"],
    ['docker-0123abcd', 'it runs in a container (/docker-0123abcd)'],
  ] as const) {
    test(`because ${why}`, { skip: !canGroup() && 'no control group can be made here' }, async () => {
      const { port, pid } = await hold('steals_port.mjs')
      const folder = `${UNIFIED}/${group}`
      mkdirSync(folder)
      writeFileSync(`${folder}/cgroup.procs`, String(pid))
      await assert.rejects(evict(port), (error: Error) => error.message.includes(why))
      assert.ok(isRunning(pid))
      process.kill(pid, 'SIGKILL')
      await until('it is gone', () => !isRunning(pid))
      await until('its group is empty', () => tryRemove(folder))
    })
  }
})

async function hold(name: string, identity: { uid?: number; gid?: number } = {}) {
  const port = await freePort()
  const [node = '', ...args] = command(name, String(port))
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'], ...identity })
  children.push(child)
  await once(child.stdout, 'data')
  return { port, pid: child.pid ?? 0 }
}

async function freePort(): Promise<number> {
  const { port, release } = await leasePort()
  release()
  return port
}

function canGroup(): boolean {
  try {
    mkdirSync(`${UNIFIED}/shakedown-try`)
    rmdirSync(`${UNIFIED}/shakedown-try`)
    return true
  } catch {
    return false
  }
}

function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch {
    return false
  }
}
