import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { type Event, listen } from '../../src/event.ts'
import { leaseFixedPort, leasePort, releaseStalePorts } from '../../src/service/ports.ts'
import { identify } from '../../src/service/process/identity.ts'
import { createProgram } from '../../src/service/program.ts'
import { start } from '../../src/service/start.ts'
import { ownState } from './own-state.ts'
import { answering, command } from './programs.ts'

const FOLDER = join(ownState, 'ports')

describe('leases', () => {
  test('are for ports that the kernel does not give to clients', async () => {
    const [low = 0, high = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
      .split(/\s+/)
      .map(Number)
    const leases = await Promise.all(Array.from({ length: 20 }, () => leasePort()))
    for (const { port } of leases) assert.ok(port < low || port > high, `${port} is in ${low}-${high}`)
    assert.equal(new Set(leases.map(({ port }) => port)).size, 20)
    for (const { release } of leases) release()
    assert.deepEqual(readdirSync(FOLDER), [])
  })

  test('of ports that are in use are not given (KIT-08)', async () => {
    // So many that a hundred leases would hit one if nobody looked.
    const servers = await Promise.all(Array.from({ length: 1500 }, (_, index) => occupy(20_000 + index)))
    const taken = new Set(servers.flatMap(({ port }) => port ?? []))
    const leases = await Promise.all(Array.from({ length: 100 }, () => leasePort()))
    for (const { server } of servers) server.close()
    assert.ok(taken.size > 1000)
    assert.deepEqual(
      leases.filter(({ port }) => taken.has(port)),
      [],
    )
    for (const lease of leases) lease.release()
  })

  test('are held against other processes, and end with them', async () => {
    const { port, release } = await leasePort()
    const claim = `
      const { leaseFixedPort } = await import(${JSON.stringify(new URL('../../src/service/ports.ts', import.meta.url))})
      console.log(leaseFixedPort(${port}) !== undefined)`
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', claim])
    assert.equal((await run()).stdout, 'false\n')
    release()
    assert.equal((await run()).stdout, 'true\n')
    assert.deepEqual(readdirSync(FOLDER), [String(port)], 'the process that held it is gone')
    const mine = leaseFixedPort(port)
    assert.ok(mine)
    mine.release()
  })

  test('of somebody else who has the pid now, or of another boot, hold nothing', () => {
    mkdirSync(FOLDER, { recursive: true })
    const self = identify(process.pid)
    for (const [port, holder] of [
      [15_001, { ...self, start: '1', run: 'x' }],
      [15_002, { ...self, boot: 'another', run: 'x' }],
    ] as const) {
      writeFileSync(join(FOLDER, String(port)), JSON.stringify(holder))
      const lease = leaseFixedPort(port)
      assert.ok(lease, `${port}`)
      lease.release()
    }
    writeFileSync(join(FOLDER, '15003'), JSON.stringify({ ...self, start: '1', run: 'x' }))
    const held = leaseFixedPort(15_004)
    assert.deepEqual(releaseStalePorts(), [15_003])
    assert.equal(leaseFixedPort(15_004), undefined)
    held?.release()
  })

  test('are given to one of many that ask at the same time', async () => {
    writeFileSync(join(FOLDER, '15005'), JSON.stringify({ ...identify(process.pid), start: '1', run: 'x' }))
    const claim = `
      const { leaseFixedPort } = await import(${JSON.stringify(new URL('../../src/service/ports.ts', import.meta.url))})
      console.log(leaseFixedPort(15005) !== undefined)
      process.stdin.on('end', () => {}).resume()`
    const children = Array.from({ length: 8 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', claim]),
    )
    const answers = await Promise.all(
      children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()),
    )
    for (const { stdin } of children) stdin.end()
    await Promise.all(children.map((child) => once(child, 'exit')))
    assert.deepEqual(answers.toSorted(), [...Array(7).fill('false'), 'true'])
  })
})

describe('a thief', () => {
  test('who answers on the leased port is noticed, and the program moves to another one', async () => {
    await using web = createProgram(answering({ name: 'robbed', run: stolenFrom('answers_http.mjs') }))
    const notes = await notesOf(() => start(web))
    assert.equal(notes.length, 1)
    assert.match(
      notes[0] ?? '',
      /^port \d+ of robbed was taken by pid \d+ \(.*steals_port\.mjs.*\): it moves to \d+$/,
    )
    const answer = await fetch(`${web.url}`)
    assert.equal((await answer.text()).trim(), String(await web.pid.read()))
    await endThieves()
  })

  test('fails the start, named, where somebody already knows the address', async () => {
    await using web = createProgram(answering({ name: 'known', run: stolenFrom('answers_http.mjs', '300') }))
    await using scraper = createProgram({
      name: 'scraper',
      run: ['sleep', '1121'],
      port: 'none',
      files: { 'targets.txt': web },
    })
    await assert.rejects(start(scraper, web), (error: Error) => {
      assert.match(error.message, /^port \d+ of known is taken by pid \d+ \(.*steals_port\.mjs.*\)\n/)
      assert.match(error.message, /\n {2}hint {6}another service already knows this address/)
      assert.ok('code' in error && error.code === 'preflight')
      return true
    })
    await endThieves()
  })

  test('fails the start, named, where the user asked for that port', async () => {
    const { port, release } = await leasePort()
    release()
    const thief = spawn(process.execPath, command('steals_port.mjs', String(port)).slice(1), {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(thief.stdout, 'data')
    await using web = createProgram({ name: 'fixed', run: command('answers_http.mjs', String(port)), port })
    await assert.rejects(start(web), (error: Error) => {
      const who = `pid ${thief.pid} (${process.execPath} `
      assert.ok(error.message.startsWith(`port ${port} of fixed is taken by ${who}`), error.message)
      assert.match(error.message, /hint {6}end that process, or leave the port out/)
      return true
    })
    assert.equal(thief.exitCode, null)
    thief.kill('SIGKILL')
  })
})

/** A program on whose port a stranger listens before it does, the first time that it is launched in its folder. */
function stolenFrom(program: string, wait = '0'): readonly string[] {
  const thief = [process.execPath, ...command('steals_port.mjs').slice(1)]
  const script = `
    if mkdir once 2>/dev/null; then
      ( env -i setsid prlimit --rttime=unlimited: ${thief.join(' ')} $PORT > thief.log & echo $! >> "${ownState}/thieves" )
      until grep -q ready thief.log 2>/dev/null; do :; done
    fi
    exec ${command(program).join(' ')}`
  return ['sh', '-c', script, wait]
}

async function endThieves(): Promise<void> {
  const file = join(ownState, 'thieves')
  const pids = readFileSync(file, 'utf8').trim().split('\n').map(Number)
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  writeFileSync(file, '')
}

async function notesOf(act: () => Promise<void>): Promise<readonly string[]> {
  const notes: string[] = []
  const stopListening = listen((event: Event) => {
    if (event.kind === 'note' && event.level === 'info') notes.push(event.text)
  })
  await act()
  stopListening()
  return notes
}

/** Listens on a port of this machine, unless somebody else does. */
async function occupy(port: number): Promise<{ readonly server: Server; readonly port: number | undefined }> {
  const server = createServer()
  const listening = new Promise<boolean>((resolve) => {
    server.once('listening', () => resolve(true)).once('error', () => resolve(false))
  })
  server.listen(port, '127.0.0.1')
  return { server, port: (await listening) ? port : undefined }
}
