import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findIn } from './findings.ts'

const BOTH = ['text', 'openmetrics'] as const

test('the lines of a family stand together', () => {
  for (const dialect of BOTH) {
    assert.deepEqual(findIn(dialect, 'a{x="1"} 1', 'b 1', 'a{x="2"} 1', 'b{x="2"} 1', 'a{x="3"} 1'), [
      'split-family 3',
      'split-family 4',
    ])
    assert.deepEqual(findIn(dialect, '# TYPE a gauge', '# TYPE b gauge', 'a 1', 'b 1'), [
      'split-family 3',
      'split-family 4',
    ])
    assert.deepEqual(findIn(dialect, '# TYPE a gauge', 'a 1', '# TYPE b gauge', 'b 1'), [])
  }
})

test('metadata behind the samples is late, and hides no family that is split', () => {
  assert.deepEqual(findIn('text', 'a{x="1"} 1', 'b 1', '# HELP a x', 'b{x="1"} 1'), ['late-metadata 3'])
  assert.deepEqual(findIn('text', 'a{x="1"} 1', 'b 1', '# HELP a x', 'a{x="2"} 1'), [
    'late-metadata 3',
    'split-family 4',
  ])
})

test('the samples of a label set stand together in OpenMetrics', () => {
  const split = ['# TYPE a summary', 'a_count{x="1"} 1', 'a_count{x="2"} 1', 'a_sum{x="1"} 1']
  assert.deepEqual(findIn('openmetrics', ...split), ['split-metric 4'])
  assert.deepEqual(findIn('text', ...split), [])
  const together = [
    '# TYPE a summary',
    'a{x="1",quantile="0.5"} 1',
    'a{x="1",quantile="1"} 1',
    'a_sum{x="1"} 1',
  ]
  assert.deepEqual(findIn('openmetrics', ...together), [])
})

test('a series is given once', () => {
  for (const dialect of BOTH) {
    assert.deepEqual(findIn(dialect, 'a{b="c",d="e"} 1', 'a{d="e",b="c"} 2'), ['duplicate-series 2'])
    assert.deepEqual(findIn(dialect, 'a{b="c"} 1', 'a{b="d"} 1', 'a 1'), [])
  }
  assert.deepEqual(findIn('text', 'a 1', 'a{b=""} 1'), ['duplicate-series 2'])
})

test('with timestamps OpenMetrics may give it again, classic text may not', () => {
  assert.deepEqual(findIn('openmetrics', 'a 1 1', 'a 2 1', 'a 3 2.5'), [])
  assert.deepEqual(findIn('text', 'a 1 1000', 'a 2 2000'), ['duplicate-series 2'])
})

test('in OpenMetrics time does not go back within a label set', () => {
  assert.deepEqual(findIn('openmetrics', 'a 1 2', 'a 1 1.9', 'a 1 3'), ['timestamp-order 2'])
  assert.deepEqual(findIn('openmetrics', 'a{b="1"} 1 2', 'a{b="2"} 1 1'), [])
  const histogram = ['# TYPE h histogram', 'h_bucket{le="1"} 0 2', 'h_bucket{le="+Inf"} 0 1']
  assert.ok(findIn('openmetrics', ...histogram).includes('timestamp-order 3'))
})

test('in OpenMetrics all samples of a label set have a timestamp, or none', () => {
  assert.deepEqual(findIn('openmetrics', 'a 1', 'a 1 2'), ['mixed-timestamps 2'])
  assert.deepEqual(findIn('openmetrics', '# TYPE s summary', 's_sum 1 5', 's_count 1', 's{quantile="1"} 1'), [
    'mixed-timestamps 3',
  ])
  assert.deepEqual(findIn('openmetrics', 'a{b="1"} 1', 'a{b="2"} 1 2'), [])
})
