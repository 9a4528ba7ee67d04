import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { isRunning, until } from '../service/until.ts'
import { plainEnvironment, root } from './script.ts'
import { makeWorkspace, type Workspace } from './workspace.ts'

// `shakedown watch` keeps a real Redis from one run to the next, as long as nobody can tell the difference.

const skip = process.platform === 'win32' ? 'nothing is kept warm on Windows' : false
const open: { readonly child: ChildProcess; readonly one: Workspace }[] = []
after(async () => {
  for (const { child } of open) child.kill('SIGKILL')
  for (const { one } of open) {
    // Without its ledger nobody could end what is left.
    await until('nothing is left', () => runsIn(one).length === 0)
    one.remove()
  }
})

function runsIn({ folder }: Workspace): readonly string[] {
  const runs = join(folder, '.state/runs')
  return existsSync(runs) ? readdirSync(runs) : []
}

const PLAIN = join(root, 'fixtures/programs/answers_http.mjs')
const MAIN = join(root, 'src/cli/main.mts')

/** A watch, and what its runs have told. */
function startWatch(command: readonly [string, ...string[]]) {
  const one = makeWorkspace()
  one.write('package.json', '{ "type": "module" }')
  one.write('cache.conf', 'maxmemory 10mb\n')
  one.write('e2e/cache.mts', script())
  const [program, ...args] = command
  const child = spawn(program, args, {
    cwd: one.folder,
    env: { ...plainEnvironment(), SHAKEDOWN_STATE: join(one.folder, '.state') },
  })
  open.push({ child, one })
  let told = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  const ended = new Promise((resolve) => {
    child.once('close', resolve)
  })
  return {
    ...{ one, child, ended },
    told: () => told,
    type: (text: string) => child.stdin.write(text),
    over: (count: number) =>
      until(`run ${count} is over`, () => told.split(/exit \d+, watching/).length > count, 120_000),
    /** What became of the Redis in that run, or of another service: its pid, and how it came to be there. */
    async redisIn(count: number, service = 'cache') {
      await this.over(count)
      const events = readRun(one.folder, count)
      const ended = events.find(({ kind }) => kind === 'scenario:end')
      assert.equal(ended?.kind === 'scenario:end' && ended.outcome, 'passed', told)
      const started = events.findLast(
        (event) => event.kind === 'service:started' && event.service === service,
      )
      const ready = events.findLast((event) => event.kind === 'service:ready' && event.service === service)
      assert.ok(started?.kind === 'service:started' && ready?.kind === 'service:ready')
      return { pid: started.pid ?? 0, kept: ready.kept }
    },
    async gone(pid: number) {
      await until(`process ${pid} is gone`, () => !isRunning(pid))
      await until('nothing of it is left', () => runsIn(one).length === 0)
    },
  }
}

function readRun(folder: string, count: number): readonly Event[] {
  const results = join(folder, 'results')
  const names = readdirSync(results).filter((name) => /^\d/.test(name))
  const log = join(results, names.sort()[count - 1] ?? '', 'events.ndjson')
  if (!existsSync(log)) return []
  return readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line): Event => JSON.parse(line))
}

/** A script whose Redis is new to it each time: nothing of an earlier run may be seen. */
function script({ args = '', does = '' }: { readonly args?: string; readonly does?: string } = {}): string {
  return `import { command, deletions, expect, keys, redis, scenario, service, start } from 'shakedown'
const settings = new URL('../cache.conf', import.meta.url).pathname
const cache = redis({ name: 'cache', args: ['--include', settings${args}] })
const web = service({ name: 'web', run: ['sh', '-c', 'sleep 600'], port: 'none' })
const reset = async () => {}
const plain = service({ name: 'plain', run: ['node', '${PLAIN}'], port: { env: 'PORT' }, reset })
const says = service({ name: 'says', run: ['sh', '-c', 'echo ready; sleep 600'], port: 'none', ready: { log: /ready/ }, reset })
await scenario('a cache', async () => {
  await start(cache, web, plain, says)
  await expect(keys(cache, '*')).toEqual([])
  await expect(command(cache, 'SET', 'a', '1')).toBe('OK')
  await expect(deletions(cache, '*')).toHaveSize(0)
  ${does}
})
`
}

test('on a terminal: keys, the same process while nothing has changed, another one when it has', {
  skip,
}, async () => {
  const watch = startWatch(['script', '-qec', `${process.execPath} ${MAIN} watch`, '/dev/null'])
  const { one } = watch
  await until('it watches', () => watch.told().includes('watching e2e'))
  watch.type('a')
  const first = await watch.redisIn(1)
  assert.equal(first.kept, undefined)
  assert.match(watch.told(), /web started afresh: it does not say how it is reset/)
  watch.type('a')
  assert.deepEqual(await watch.redisIn(2), { pid: first.pid, kept: 'kept warm' })
  const plain = await watch.redisIn(1, 'plain')
  assert.deepEqual(await watch.redisIn(2, 'plain'), { pid: plain.pid, kept: 'kept warm' })
  assert.match(watch.told(), /says started afresh: its log says when it is ready, or where/)
  watch.type('f')
  await until('it asks for the text', () => watch.told().includes('titles with: '))
  watch.type('cache\r')
  assert.deepEqual(await watch.redisIn(3), { pid: first.pid, kept: 'kept warm' })
  one.write('cache.conf', 'maxmemory 20mb\n')
  const second = await watch.redisIn(4)
  assert.notEqual(second.pid, first.pid)
  assert.equal(second.kept, 'started afresh: it has changed')
  one.write('e2e/cache.mts', script({ args: `, '--databases', '20'` }))
  const third = await watch.redisIn(5)
  assert.notEqual(third.pid, second.pid)
  assert.equal(third.kept, 'started afresh: it has changed')
  watch.type('q')
  assert.equal(await watch.ended, 0)
  for (const { pid } of [first, second, third, plain]) await watch.gone(pid)
})

test('what was done to it makes another one of it, and nothing outlives a watch that is killed', {
  skip,
}, async () => {
  const watch = startWatch([process.execPath, MAIN, 'watch'])
  const { one } = watch
  await until('it watches', () => watch.told().includes('watching e2e'))
  watch.type('a\n')
  const { pid: first } = await watch.redisIn(1)
  one.write('e2e/cache.mts', script({ does: 'await cache.pause(); await cache.resume()' }))
  assert.deepEqual(await watch.redisIn(2), { pid: first, kept: 'kept warm' })
  one.write(
    'e2e/cache.mts',
    script({ does: `await command(cache, 'CONFIG', 'SET', 'maxmemory', '9mb').read()` }),
  )
  const third = await watch.redisIn(3)
  assert.equal(third.kept, 'started afresh: it was sent SIGSTOP')
  watch.type('a\n')
  const fourth = await watch.redisIn(4)
  assert.equal(fourth.kept, 'started afresh: its reset failed: its settings were changed')
  one.write('e2e/cache.mts', script({ does: 'await cache.restart()' }))
  const fifth = await watch.redisIn(5)
  assert.equal(fifth.kept, undefined, 'its own restart needs no word')
  one.write('e2e/cache.mts', script())
  const sixth = await watch.redisIn(6)
  assert.equal(sixth.kept, 'started afresh: its script had started it again')
  process.kill(sixth.pid, 'SIGKILL')
  await until('it is gone', () => !isRunning(sixth.pid))
  watch.type('\n')
  const seventh = await watch.redisIn(7)
  assert.equal(seventh.kept, 'started afresh: it had ended')
  one.write('e2e/cache.mts', script({ does: `process.kill(process.pid, 'SIGKILL')` }))
  await watch.over(8)
  await until('it went with its script', () => !isRunning(seventh.pid))
  one.write('e2e/cache.mts', script())
  const ninth = await watch.redisIn(9)
  assert.equal(ninth.kept, 'started afresh: its script was ended')
  assert.ok(isRunning(ninth.pid))
  watch.child.kill('SIGKILL')
  await watch.gone(ninth.pid)
  for (const { pid } of [third, fourth, fifth]) await watch.gone(pid)
})
