import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClaimRecord } from '../../src/event.ts'
import { requirements } from '../../src/report/requirements.ts'
import { summarize } from '../../src/report/summary.ts'
import { tell } from './rendering.ts'
import { createStream, wholeRun } from './stream.ts'

const WAIT: ClaimRecord = {
  ...{ what: 'the door', matcher: 'toBe', expected: '"open"', last: '"shut"' },
  ...{ met: false, aborted: true, milliseconds: 2000, count: 3 },
}

test('a claim that was broken off is told as that, and is neither met nor missed', async () => {
  const where = { scenario: '1', step: '1.1' }
  const stream = createStream()
    .scenario('1 a story', [0, 100], { outcome: 'interrupted' })
    .step('1.1 a step', [10, 90], { outcome: 'interrupted', proves: ['A-1'] })
    .at(80, { kind: 'claim', ...WAIT }, where)
  const run = wholeRun(stream.events, 130)
  const text = await tell(run, { style: 'pipe', verbose: true, github: false })
  assert.match(text, /■ the door toBe "open", broken off {2}2\.0s, 3 reads\n/)
  assert.match(text, /^ claims +0 held, 3 looks$/m)
  const { claims } = summarize(run)
  assert.deepEqual([claims.met, claims.missed, claims.known], [0, 0, 0])
  assert.equal(requirements(run).get('A-1')?.outcome, 'interrupted')
})

test('a wait is told every second, and a line of it every five', async () => {
  const where = { scenario: '1', step: '1.1' }
  const stream = createStream().scenario('1 a story', [0, 30_000]).step('1.1 a step', [10, 29_000])
  const told = (at: number, milliseconds: number, last: string) =>
    stream.at(at, { kind: 'wait:progress', what: 'x: 1', milliseconds, last, within: 60_000 }, where)
  for (let second = 1; second <= 12; second += 1) told(second * 1000, second * 1000 + 3, `${second}`)
  // The next wait for the very same begins anew.
  for (let second = 1; second <= 6; second += 1)
    told(14_000 + second * 1000, second * 1000 + 3, `again ${second}`)
  const text = await tell(wholeRun(stream.events), { style: 'pipe', verbose: false, github: false })
  const lines = text.split('\n').filter((line) => line.includes('waits'))
  assert.deepEqual(
    lines.map((line) => line.trim()),
    ['5', '10', 'again 5'].map(
      (last) => `… waits ${last === '10' ? '10.0s' : '5.0s'} for x: 1, last saw ${last}`,
    ),
  )
})
