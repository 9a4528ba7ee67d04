import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dialect } from '../../src/metrics/exposition.ts'
import { findIn } from './findings.ts'

type Lines = readonly string[]

const COUNT_AND_SUM = ['h_count 3', 'h_sum 1']

function findings(dialect: Dialect, ...lines: Lines): Lines {
  return findIn(dialect, '# TYPE h histogram', ...lines)
}

function gauge(...lines: Lines): Lines {
  return findIn('openmetrics', '# TYPE g gaugehistogram', ...lines)
}

function inBoth(lines: Lines, expected: Lines): void {
  for (const dialect of ['text', 'openmetrics'] as const)
    assert.deepEqual(findings(dialect, ...lines), expected)
}

test('limits rise', () => {
  inBoth(['h_bucket{le="1"} 1', 'h_bucket{le="2"} 2', 'h_bucket{le="+Inf"} 3', ...COUNT_AND_SUM], [])
  inBoth(
    ['h_bucket{le="2"} 2', 'h_bucket{le="1"} 1', 'h_bucket{le="+Inf"} 3', ...COUNT_AND_SUM],
    ['bucket-order 3'],
  )
  inBoth(
    ['h_bucket{le="1"} 1', 'h_bucket{le="1.0"} 1', 'h_bucket{le="+Inf"} 3', ...COUNT_AND_SUM],
    ['bucket-order 3'],
  )
})

test('buckets are cumulative, whatever their order', () => {
  inBoth(
    ['h_bucket{le="1"} 2', 'h_bucket{le="2"} 1', 'h_bucket{le="+Inf"} 3', ...COUNT_AND_SUM],
    ['bucket-not-cumulative 3'],
  )
  inBoth(
    ['h_bucket{le="+Inf"} 3', 'h_bucket{le="1"} 4', ...COUNT_AND_SUM],
    ['bucket-not-cumulative 2', 'bucket-order 3'],
  )
})

test('each label set is a histogram of its own', () => {
  const one = (path: string, count: number) =>
    ['_bucket{le="1",', '_bucket{le="+Inf",', '_count{', '_sum{'].map(
      (part) => `h${part}path="${path}"} ${count}`,
    )
  inBoth([...one('/', 5), ...one('/x', 2)], [])
  const broken = [
    ...one('/', 5),
    'h_bucket{le="1",path="/x"} 1',
    'h_bucket{le="+Inf",path="/x"} 2',
    'h_count{path="/x"} 5',
  ]
  inBoth([...broken, 'h_sum{path="/x"} 0'], ['inf-bucket-not-count 8'])
})

test('there is a bucket for everything, and it is the count', () => {
  inBoth(['h_bucket{le="1"} 3', ...COUNT_AND_SUM], ['missing-inf-bucket 2'])
  inBoth(COUNT_AND_SUM, ['missing-inf-bucket 2'])
  inBoth(['h_bucket{le="+Inf"} 2', ...COUNT_AND_SUM], ['inf-bucket-not-count 3'])
  inBoth([...COUNT_AND_SUM, 'h_bucket{le="+Inf"} 3'], [])
})

test('classic text has count and sum, OpenMetrics both or none', () => {
  assert.deepEqual(findings('text', 'h_bucket{le="+Inf"} 3'), ['missing-count 2', 'missing-sum 2'])
  assert.deepEqual(findings('openmetrics', 'h_bucket{le="+Inf"} 3'), [])
  inBoth(['h_bucket{le="+Inf"} 3', 'h_sum 1'], ['missing-count 2'])
  inBoth(['h_bucket{le="+Inf"} 3', 'h_count 3'], ['missing-sum 2'])
})

test('with negative limits OpenMetrics has no sum', () => {
  const buckets = ['h_bucket{le="-1"} 1', 'h_bucket{le="+Inf"} 3', 'h_count 3']
  assert.deepEqual(findings('openmetrics', ...buckets), [])
  assert.deepEqual(findings('openmetrics', ...buckets, 'h_sum 1'), ['sum-not-allowed 5'])
  assert.deepEqual(findings('text', ...buckets, 'h_sum -1'), [])
  inBoth(['h_bucket{le="0"} 3', 'h_bucket{le="+Inf"} 3', ...COUNT_AND_SUM], [])
})

test('the sum of a gauge histogram is negative only with negative limits', () => {
  assert.deepEqual(gauge('g_bucket{le="+Inf"} 3', 'g_gcount 3', 'g_gsum -1'), ['counter-value 4'])
  assert.deepEqual(gauge('g_bucket{le="+Inf"} 3', 'g_gcount 3', 'g_gsum NaN'), ['counter-value 4'])
  assert.deepEqual(gauge('g_bucket{le="-1"} 3', 'g_bucket{le="+Inf"} 3', 'g_gcount 3', 'g_gsum -3'), [])
  assert.deepEqual(gauge('g_bucket{le="+Inf"} 3', 'g_gcount 3', 'g_gsum 0'), [])
  assert.deepEqual(gauge('g_bucket{le="+Inf"} 3', 'g_gcount 3'), ['missing-sum 2'])
  assert.deepEqual(gauge('g_bucket{le="+Inf"} 3', 'g_gsum 3'), ['missing-count 2'])
  assert.deepEqual(gauge('g_bucket{le="+Inf"} 3', 'g_gcount 2', 'g_gsum 3'), ['inf-bucket-not-count 3'])
})

test('each point in time is a histogram of its own', () => {
  const at = (time: number, count: number) => [
    `h_bucket{le="1"} ${count} ${time}`,
    `h_bucket{le="+Inf"} ${count} ${time}`,
    `h_count ${count} ${time}`,
    `h_sum 0 ${time}`,
  ]
  assert.deepEqual(findings('openmetrics', ...at(1, 5), ...at(2, 3)), [])
  assert.deepEqual(findings('openmetrics', ...at(1, 5), ...at(2, 3).slice(1)), [])
  assert.deepEqual(findings('openmetrics', ...at(1, 5), 'h_bucket{le="1"} 9 2'), ['missing-inf-bucket 6'])
})

test('a histogram that is told twice is told as repeated, not as out of order', () => {
  const lines = ['h_bucket{le="1"} 1', 'h_bucket{le="+Inf"} 3', ...COUNT_AND_SUM]
  assert.deepEqual(
    findings('text', ...lines, ...lines),
    [6, 7, 8, 9].map((line) => `duplicate-series ${line}`),
  )
})
