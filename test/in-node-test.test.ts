// The same parts inside of another runner: no scenario, no flags, plain disposables.
import './service/own-state.ts'
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { expect, Failure, keys, redis, start } from 'shakedown'
import { remember } from '../fixtures/apps/visitors.ts'
import { findComponent } from '../src/run/find.ts'
import { startScript, story } from './cli/script.ts'
import { isRunning, pidsOf, until } from './service/until.ts'

const found = findComponent('redis-server')
const options = 'missing' in found ? { skip: found.missing } : {}

test('a remembered visitor is forgotten after two seconds', options, async () => {
  let pid: number | undefined
  {
    await using cache = redis()
    await start(cache)
    pid = await cache.pid.read()
    await remember('visitor-1', { host: `${cache.host}`, port: Number(`${cache.port}`), for: 2 })
    await expect(keys(cache, 'visitor:visitor-1')).toExpire({ within: '2s' })
    await assert.rejects(
      Promise.resolve(expect(keys(cache, 'visitor:*')).toHaveSize(1, { within: '100ms' })),
      Failure,
    )
  }
  assert.ok(pid !== undefined && !isRunning(pid))
})

// A program of a test that fails, or that somebody ends, is stopped by the same disposables. MARK finds it in the process table.
for (const [how, signal] of [
  ['fails', undefined],
  ['is interrupted', 'SIGINT'],
  ['is killed', 'SIGKILL'],
] as const) {
  test(`a program does not outlive a test that ${how}`, async () => {
    const mark = `mark-${randomBytes(8).toString('hex')}`
    const script = startScript(story('starts_in_node_test'), {
      command: [process.execPath, '--test'],
      env: { MARK: mark, ...(signal === undefined ? {} : { WAITS: '1' }) },
    })
    if (signal !== undefined) {
      await until('it runs', () => pidsOf(mark).length > 0)
      script.signal(signal)
      // What node --test runs in a process of its own is ended by it, or sees that it is gone.
      for (const pid of signal === 'SIGKILL' ? pidsOf(story('starts_in_node_test')) : [])
        process.kill(pid, signal)
    }
    const told = await script.ended
    assert.notEqual(told.code, 0)
    if (signal === undefined)
      assert.match(told.stdout, /Failure: not the expected log lines: .*never said\/\n +expected +size 1\n/)
    await until('it is gone', () => pidsOf(mark).length === 0)
  })
}
