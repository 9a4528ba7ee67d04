import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLatencyRecorder } from '../../src/traffic/latency.ts'

function record(values: readonly number[]) {
  const recorder = createLatencyRecorder()
  for (const value of values) recorder.record(value)
  return recorder
}

test('min, mean and max are exact, quantiles good to three digits, at most the largest value', () => {
  const values = fc.array(fc.double({ min: 0.001, max: 3_000_000, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (list, percent) => {
      const recorder = record(list)
      const sorted = list.toSorted((left, right) => left - right)
      const expected = sorted[Math.ceil((percent / 100) * list.length) - 1] ?? Number.NaN
      const quantile = recorder.quantile(percent) ?? Number.NaN
      assert.ok(
        Math.abs(quantile - expected) <= expected * 0.001 + 0.001,
        `${quantile} instead of ${expected}`,
      )
      const { count, min, max, mean } = recorder.result()
      assert.deepEqual([count, min.milliseconds, max.milliseconds], [list.length, sorted[0], sorted.at(-1)])
      assert.ok(quantile <= max.milliseconds)
      const sum = list.reduce((total, value) => total + value, 0)
      assert.ok(Math.abs(mean.milliseconds - sum / list.length) <= sum * 1e-9)
    }),
  )
})

test('what clocks give below 0 counts as 0, what is beyond all measure as an hour in the quantiles', () => {
  const { min, max, mean, p99 } = record([-0.5, 4_000_000]).result()
  assert.deepEqual([min.milliseconds, max.milliseconds, mean.milliseconds], [0, 4_000_000, 2_000_000])
  assert.ok(Math.abs(p99.milliseconds - 3_600_000) < 4000)
})

test('nothing recorded, nothing known', () => {
  const recorder = record([5])
  recorder.reset()
  assert.equal(recorder.quantile(50), undefined)
  const { count, min, mean, p95, max } = recorder.result()
  assert.deepEqual([count, ...[min, mean, p95, max].map(({ seconds }) => seconds)], [0, 0, 0, 0, 0])
})
