import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findIn } from './findings.ts'

const BOTH = ['text', 'openmetrics'] as const

test('HELP, TYPE and UNIT are given once', () => {
  for (const dialect of BOTH) {
    assert.deepEqual(findIn(dialect, '# HELP a x', '# HELP a x', '# HELP a y'), [
      'repeated-metadata 2',
      'repeated-metadata 3',
    ])
    assert.deepEqual(findIn(dialect, '# TYPE a gauge', '# TYPE a gauge'), ['repeated-metadata 2'])
    assert.deepEqual(findIn(dialect, '# TYPE a gauge', '# HELP a x', '# HELP b x'), [])
  }
  assert.deepEqual(findIn('openmetrics', '# UNIT a_s s', '# UNIT a_s s'), ['repeated-metadata 2'])
})

test('metadata comes before the samples', () => {
  for (const dialect of BOTH) {
    assert.deepEqual(findIn(dialect, 'a 1', '# TYPE a gauge'), ['late-metadata 2'])
    assert.deepEqual(findIn(dialect, '# TYPE a gauge', 'a 1', '# HELP a x'), ['late-metadata 3'])
    assert.deepEqual(findIn(dialect, '# HELP a x', '# TYPE a gauge', 'a 1'), [])
  }
  assert.deepEqual(findIn('openmetrics', '# TYPE a counter', 'a_total 1', '# UNIT a '), ['late-metadata 3'])
})

test('a name ends with its unit', () => {
  assert.deepEqual(findIn('openmetrics', '# UNIT a seconds'), ['unit-suffix 1'])
  assert.deepEqual(findIn('openmetrics', '# UNIT aseconds seconds'), ['unit-suffix 1'])
  assert.deepEqual(findIn('openmetrics', '# UNIT a_seconds seconds', '# UNIT b '), [])
})

test('an info and a state set have no unit', () => {
  assert.deepEqual(findIn('openmetrics', '# TYPE a_s info', '# UNIT a_s s'), ['unit-not-allowed 2'])
  assert.deepEqual(findIn('openmetrics', '# TYPE a_s stateset', '# UNIT a_s s'), ['unit-not-allowed 2'])
  assert.deepEqual(findIn('openmetrics', '# TYPE a_s gauge', '# UNIT a_s s'), [])
})

test('no two families share the name of a sample', () => {
  for (const dialect of BOTH) {
    assert.deepEqual(findIn(dialect, '# TYPE a_count gauge', '# TYPE a histogram'), ['name-clash 2'])
    assert.deepEqual(findIn(dialect, '# TYPE a summary', '# TYPE a_sum counter'), ['name-clash 2'])
    assert.deepEqual(findIn(dialect, '# TYPE a gauge', '# TYPE a_count gauge', 'a_sum 1'), [])
  }
  const created = ['# TYPE a_created gauge', '# TYPE a counter']
  assert.deepEqual(findIn('openmetrics', ...created), ['name-clash 2'])
  assert.deepEqual(findIn('text', ...created), [])
  assert.deepEqual(findIn('openmetrics', '# TYPE a info', 'b 1', '# TYPE a_info gauge'), ['name-clash 3'])
})
