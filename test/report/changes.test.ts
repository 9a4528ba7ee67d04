import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRuns } from '../../src/report/changes.ts'
import type { HistoricTest, HistoryEntry } from '../../src/report/history.ts'

const FAILED: HistoricTest = { outcome: 'failed', milliseconds: 100, failure: 'not as expected: 3' }

test('the first run has nothing to compare with, and neither has one in another mode or of other scripts', () => {
  const now = run(10, { 'a.mts: a': 100 })
  assert.equal(compareRuns(now, []).previous, undefined)
  assert.equal(compareRuns(now, [now]).previous, undefined)
  assert.equal(compareRuns(now, [{ ...run(1, { 'a.mts: a': 100 }), mode: 'full' }]).previous, undefined)
  assert.equal(compareRuns(now, [run(1, { 'b.mts: a': 100 })]).previous, undefined)
  assert.equal(compareRuns(now, [run(11, { 'a.mts: a': 100 })]).previous, undefined)
})

test('what belongs to no script keeps no run from being compared', () => {
  const now = run(10, { 'a.mts: a': 100, ': the run': FAILED })
  assert.equal(compareRuns(now, [run(1, { 'a.mts: a': 100 })]).previous?.run, 'run-1')
})

test('a failure is new where the test passed before, and says how often it did', () => {
  const history = [run(1, { 'a.mts: a': FAILED }), run(2, { 'a.mts: a': 100 }), run(3, { 'a.mts: a': 100 })]
  const { newFailures } = compareRuns(run(10, { 'a.mts: a': FAILED }), history)
  assert.deepEqual(newFailures, [{ test: 'a.mts: a', now: 'not as expected: 3', passedBefore: 2 }])
  assert.deepEqual(
    compareRuns(run(10, { 'a.mts: a': FAILED }), [run(1, { 'a.mts: a': FAILED })]).newFailures,
    [],
  )
})

test('what failed and passes now is mended', () => {
  const { mended } = compareRuns(run(10, { 'a.mts: a': 100 }), [run(1, { 'a.mts: a': FAILED })])
  assert.deepEqual(mended, [{ test: 'a.mts: a', before: 'not as expected: 3' }])
})

test('a time is told when it is beyond what earlier runs differ by, not before', () => {
  const history = [1000, 1100, 900, 1050, 950].map((time, index) => run(index, { 'a.mts: a': time }))
  const times = (now: number) => compareRuns(run(10, { 'a.mts: a': now }), history).times
  assert.deepEqual(times(1200), [])
  assert.deepEqual(times(2000), [{ what: 'a.mts: a', kind: 'step', usual: 1000, now: 2000, runs: 5 }])
  assert.equal(times(400)[0]?.now, 400)
  const noisy = [1000, 5000, 200, 4000, 900].map((time, index) => run(index, { 'a.mts: a': time }))
  assert.deepEqual(compareRuns(run(10, { 'a.mts: a': 2500 }), noisy).times, [])
})

test('with one earlier run only a large difference is told', () => {
  const times = (now: number) =>
    compareRuns(run(10, { 'a.mts: a': now }), [run(1, { 'a.mts: a': 2000 })]).times
  assert.deepEqual(times(2900), [])
  assert.equal(times(3100).length, 1)
})

test('what is slower is told before what is faster', () => {
  const history = [1, 2, 3].map((at) => run(at, { 'a.mts: a': 1000, 'a.mts: b': 9000 }))
  const { times } = compareRuns(run(10, { 'a.mts: a': 2000, 'a.mts: b': 1000 }), history)
  assert.deepEqual(
    times.map(({ what }) => what),
    ['a.mts: a', 'a.mts: b'],
  )
})

test('a busy machine makes everything slower, and then only what is slower still is told', () => {
  const names = Array.from({ length: 12 }, (_, index) => `a.mts: ${index}`)
  const all = (time: number) => Object.fromEntries(names.map((name) => [name, time]))
  const history = [1, 2, 3].map((at) => run(at, all(1000)))
  const { pace, times } = compareRuns(run(10, { ...all(3000), 'a.mts: 5': 9000 }), history)
  assert.equal(pace, 3)
  assert.deepEqual(
    times.map(({ what }) => what),
    ['a.mts: 5'],
  )
})

test('a boot that takes longer is told like a step', () => {
  const boots = { 'a.mts: app': 4000 }
  const history = [1, 2, 3].map((at) => ({ ...run(at, { 'a.mts: a': 1 }), boots: { 'a.mts: app': 300 } }))
  assert.equal(compareRuns({ ...run(10, { 'a.mts: a': 1 }), boots }, history).times[0]?.kind, 'boot')
})

test('other versions, another machine and other findings are told; how busy the machine was is not', () => {
  const before = { ...run(1, { 'a.mts: a': 1 }), versions: { redis: '7.0.15', gone: '1' }, findings: ['F1'] }
  const now = { ...run(2, { 'a.mts: a': 1 }), versions: { redis: '7.2.0', fresh: '1' }, findings: ['F2'] }
  const { facts, newFindings, goneFindings } = compareRuns({ ...now, machine: { node: 'v25', load: 9 } }, [
    { ...before, machine: { node: 'v24', load: 1 } },
  ])
  assert.deepEqual(facts, [
    { what: 'redis', before: '7.0.15', now: '7.2.0' },
    { what: 'node', before: 'v24', now: 'v25' },
  ])
  assert.deepEqual([newFindings, goneFindings], [['F2'], ['F1']])
})

test('a kind of line is new when no earlier run had it; without any that kept them nothing is new', () => {
  const now = { ...run(10, { 'a.mts: a': 1 }), patterns: ['a', 'b', 'c'] }
  const history = [
    { ...run(1, { 'a.mts: a': 1 }), patterns: ['a'] },
    { ...run(2, { 'a.mts: a': 1 }), patterns: ['b'] },
  ]
  assert.deepEqual(compareRuns(now, history).newPatterns, ['c'])
  assert.deepEqual(compareRuns(now, [run(1, { 'a.mts: a': 1 })]).newPatterns, [])
})

function run(began: number, tests: Readonly<Record<string, number | HistoricTest>>): HistoryEntry {
  const all = Object.entries(tests).map(([name, one]) => [
    name,
    typeof one === 'number' ? { outcome: 'passed', milliseconds: one } : one,
  ])
  return {
    ...{ version: 1, run: `run-${began}`, began, seconds: 1, mode: 'quick', exit: 0, finished: true },
    ...{ machine: {}, versions: {}, findings: [], boots: {} },
    tests: Object.fromEntries(all),
  }
}
