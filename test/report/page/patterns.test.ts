import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPatternStore, generalize } from '../../../src/report/page/collect/patterns.ts'
import { workerIn } from '../../../src/report/page/collect/workers.ts'

const SAME: readonly (readonly [string, string])[] = [
  [
    '4418:M 21 Nov 2026 13:48:12.887 * Running mode=standalone, port=31658.',
    '999:M 1 Nov 2026 01:00:00.001 * Running mode=standalone, port=1.',
  ],
  ['GET /a?x=1 took 12ms', 'GET /a?x=29 took 3.5s'],
  ['wrote /tmp/run/a1b2/file.db', 'wrote /var/lib/other/file.db'],
  ['commit 0a1b2c3d4e5f', 'commit deadbeef0123'],
  ['name "one" is taken', 'name "another" is taken'],
]

for (const [one, other] of SAME) {
  test(`the same kind of line: ${one}`, () => assert.equal(generalize(one), generalize(other)))
}

test('other words are another kind', () => {
  assert.notEqual(generalize('connected to 127.0.0.1:1'), generalize('disconnected from 127.0.0.1:1'))
  assert.notEqual(generalize('level=info msg=ready'), generalize('level=error msg=ready'))
})

test('kinds are counted by service, with the first line as it was', () => {
  const store = createPatternStore()
  for (const line of ['took 1ms', 'took 2ms', 'failed']) hear('app', line)
  hear('other', 'took 1ms')
  assert.deepEqual(
    store.patterns.map(({ service, example, count }) => [service, example, count]),
    [
      ['app', 'took 1ms', 2],
      ['app', 'failed', 1],
      ['other', 'took 1ms', 1],
    ],
  )
  assert.equal(new Set(store.patterns.map(({ id }) => id)).size, 3)

  function hear(service: string, line: string): void {
    store.hear({ time: 1, script: 'x.mts', kind: 'log', service, stream: 'stdout', line })
  }
})

test('workers are known by what servers print', () => {
  assert.equal(
    workerIn('[2026-11-21 13:48:16] [4638] [INFO] Booting worker with pid: 4638'),
    'worker 4638 begins',
  )
  assert.equal(workerIn('[INFO] Worker exiting (pid: 4638)'), 'worker 4638 ends')
  assert.equal(workerIn('worker of the month'), undefined)
})
