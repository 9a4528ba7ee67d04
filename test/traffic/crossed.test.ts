import assert from 'node:assert/strict'
import { test } from 'node:test'
import { period } from '../../src/duration.ts'
import type { Latency, Sent } from '../../src/traffic/sent.ts'
import { crossed, parseThreshold } from '../../src/traffic/threshold.ts'

const LATENCY: Latency = {
  count: 100,
  ...{
    min: period(1),
    mean: period(20),
    p50: period(10),
    p90: period(40),
    p95: period(50),
    p99: period(90),
    max: period(100),
  },
}
const SENT: Sent = {
  ...{
    total: 100,
    answered: 100,
    unanswered: 0,
    ok: 98,
    errors: 0,
    written: 100,
    late: 0,
    dropped: 0,
    isReliable: true,
  },
  ...{ byStatus: { 200: 98, 404: 2 }, byPath: {}, failures: {}, latency: LATENCY, series: [] },
  ...{ seconds: 1, rate: 100, startedAt: 0, endedAt: 1000 },
}

function judge(rules: readonly string[], changes: Partial<Sent> = {}) {
  return crossed(rules.map(parseThreshold), { ...SENT, ...changes })
}

test('what holds is not told, what does not is told with what was measured, in order', () => {
  assert.deepEqual(
    judge(['p95 <= 50ms', 'errors == 0', 'ok >= 98%', 'rate >= 100/s', 'late < 1%', 'p50 > 9ms']),
    [],
  )
  const crossings = judge(
    ['p95 < 50ms', 'errors < 1%', 'ok == 100%', 'rate > 100/s', 'errors == 0', 'max > 1s'],
    { errors: 1 },
  )
  assert.deepEqual(
    crossings.map(({ threshold, value, measured }) => [threshold.text, value, measured]),
    [
      ['p95 < 50ms', 50, '50ms'],
      ['errors < 1%', 1, '1 of 100 (1%)'],
      ['ok == 100%', 98, '98 of 100 (98%)'],
      ['rate > 100/s', 100, '100/s'],
      ['errors == 0', 1, '1 of 100'],
      ['max > 1s', 100, '100ms'],
    ],
  )
})

test('a value just beyond its limit is not shown as the limit', () => {
  const latency = { ...LATENCY, max: period(1000.02), p95: period(50.04), mean: period(50.4) }
  const shown = judge(['max <= 1s', 'p95 <= 50ms', 'mean <= 50ms'], { latency }).map(
    ({ measured }) => measured,
  )
  assert.deepEqual(shown, ['1000.02ms', '50.04ms', '50.4ms'])
})

test('late and dropped are shares of what was asked for', () => {
  const crossings = judge(['dropped < 50%', 'late < 10%'], { total: 50, dropped: 50, late: 10 })
  assert.deepEqual(
    crossings.map(({ measured }) => measured),
    ['50 of 100 (50%)', '10 of 100 (10%)'],
  )
})

test('nothing holds for a load that sent nothing', () => {
  const rules = ['errors == 0', 'errors < 1%', 'p95 < 50ms', 'rate < 1/s', 'ok < 1']
  const latency = { ...LATENCY, count: 0, p95: period(0) }
  const crossings = judge(rules, { total: 0, answered: 0, ok: 0, rate: 0, latency })
  assert.deepEqual(
    crossings.map(({ threshold }) => threshold.text),
    rules,
  )
  for (const { note } of crossings) assert.equal(note, 'nothing was sent')
})

test('no latency holds when nothing was answered', () => {
  const crossings = judge(['p95 < 50ms', 'p95 > 1ms'], { latency: { ...LATENCY, count: 0 } })
  const texts = ['p95 < 50ms: nothing (nothing was answered)', 'p95 > 1ms: nothing (nothing was answered)']
  assert.deepEqual(crossings.map(String), texts)
})

test('a quantile is not believed when more requests have no latency than it leaves out', () => {
  const fivePercent = { latency: { ...LATENCY, count: 95 } }
  assert.deepEqual(judge(['p95 < 51ms', 'p90 < 51ms'], fivePercent), [])
  const [p99, max, ...more] = judge(['p99 < 1s', 'max < 1s'], fivePercent)
  assert.deepEqual(more, [])
  for (const crossing of [p99, max]) {
    assert.equal(crossing?.note, '5 of 100 requests have no latency, as they failed at once')
  }
})

test('a late client is noted where a latency is too long, and does not make one that is fine doubtful', () => {
  const late = { late: 7, isReliable: false }
  assert.deepEqual(judge(['p95 < 51ms'], late), [])
  assert.match(judge(['p95 < 50ms'], late)[0]?.note ?? '', /^7 of 100 requests left late/)
  assert.match(judge(['p95 > 10ms'], late)[0]?.note ?? '', /^7 of 100 requests left late/)
  assert.equal(judge(['errors < 1%'], { ...late, errors: 3 })[0]?.note, undefined)
})
