import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dialect } from '../../src/metrics/exposition.ts'
import { parse } from '../../src/metrics/parse.ts'
import { validate } from '../../src/metrics/validate.ts'
import { findIn } from './findings.ts'

type Row = readonly [dialect: Dialect | 'both', type: string, lines: string, findings: readonly string[]]

/** The lines stand below a TYPE of family `a`, from line 2 on, with `;` between them. */
function check(rows: readonly Row[]): void {
  for (const [dialect, type, lines, findings] of rows) {
    for (const each of dialect === 'both' ? (['text', 'openmetrics'] as const) : [dialect]) {
      assert.deepEqual(
        findIn(each, `# TYPE a ${type}`, ...lines.split(';')),
        findings,
        `${each} ${type}: ${lines}`,
      )
    }
  }
}

test('a sample has an ending where its type wants one', () => {
  check([
    ['openmetrics', 'counter', 'a 1', ['sample-name 2']],
    ['openmetrics', 'info', 'a 1', ['sample-name 2']],
    ['both', 'histogram', 'a 1', ['sample-name 2']],
    ['openmetrics', 'gaugehistogram', 'a 1', ['sample-name 2']],
    ['text', 'counter', 'a 1', []],
    ['openmetrics', 'counter', 'a_total 1;a_created 1', []],
    ['openmetrics', 'info', 'a_info 1', []],
  ])
})

test('buckets, quantiles and states have their label', () => {
  check([
    ['both', 'summary', 'a 1', ['missing-label 2']],
    ['both', 'summary', 'a{quantile="0.5"} 1', []],
    ['openmetrics', 'stateset', 'a 1', ['missing-label 2']],
    ['openmetrics', 'stateset', 'a{a="x"} 1', []],
    ['text', 'histogram', 'a_bucket 1;a_bucket{le="+Inf"} 1;a_sum 1;a_count 1', ['missing-label 2']],
  ])
})

test('a limit is a number, a quantile one from 0 to 1', () => {
  check([
    ['both', 'summary', 'a{quantile="x"} 1', ['label-value 2']],
    ['both', 'summary', 'a{quantile="0x1p-3"} 1', ['label-value 2']],
    ['both', 'summary', 'a{quantile="NaN"} 1', ['label-value 2']],
    ['both', 'summary', 'a{quantile="-0.1"} 1', ['label-value 2']],
    ['both', 'summary', 'a{quantile="1.01"} 1', ['label-value 2']],
    ['both', 'summary', 'a{quantile="0"} 1;a{quantile="1.0"} 1', []],
    ['both', 'histogram', 'a_bucket{le="x"} 0;a_bucket{le="+Inf"} 0;a_sum 0;a_count 0', ['label-value 2']],
    ['openmetrics', 'histogram', 'a_bucket{le="Inf"} 0;a_sum 0;a_count 0', ['label-value 2']],
    ['text', 'histogram', 'a_bucket{le="Inf"} 0;a_sum 0;a_count 0', []],
  ])
})

test('the message says which limits there may be', () => {
  const text = '# TYPE a histogram\na_bucket{le="x"} 0\n# TYPE b summary\nb{quantile="2"} 1\n'
  const messages = validate(parse(text)).filter(({ rule }) => rule === 'label-value')
  assert.deepEqual(
    messages.map(({ message }) => message),
    ['le is "x": it must be a number or +Inf', 'quantile is "2": it must be a number from 0 to 1'],
  )
})

test('what counts is 0 or more', () => {
  const odd = ['type-not-classic 1']
  const parts = (ending: string, value: string) =>
    ['_bucket{le="+Inf"}', '_count', '_sum']
      .map((each) => `a${each} ${each.startsWith(ending) ? value : 1}`)
      .join(';')
  check([
    ['text', 'counter', 'a -1', ['counter-value 2']],
    ['text', 'counter', 'a NaN', ['counter-value 2']],
    ['text', 'counter', 'a 0;a{b="c"} +Inf', []],
    ['both', 'gauge', 'a -1;a{b="c"} NaN', []],
    ['openmetrics', 'counter', 'a_total -1', ['counter-value 2']],
    ['openmetrics', 'counter', 'a_total 1;a_created -1', []],
    ['openmetrics', 'histogram', parts('_sum', '-1'), ['counter-value 4']],
    ['openmetrics', 'histogram', parts('_sum', 'NaN'), ['counter-value 4']],
    ['text', 'histogram', parts('_sum', '-1'), []],
    [
      'text',
      'histogram',
      'a_bucket{le="+Inf"} -1;a_count -1;a_sum 1',
      ['counter-value 2', 'counter-value 3'],
    ],
    [
      'openmetrics',
      'histogram',
      'a_bucket{le="+Inf"} -1;a_count -1;a_sum 1',
      ['counter-value 2', 'counter-value 3'],
    ],
    [
      'openmetrics',
      'gaugehistogram',
      'a_bucket{le="+Inf"} -1;a_gcount -1;a_gsum 1',
      ['counter-value 2', 'counter-value 3'],
    ],
    [
      'text',
      'gaugehistogram',
      'a_bucket{le="+Inf"} -1;a_gcount -1;a_gsum 1',
      [...odd, 'counter-value 2', 'counter-value 3'],
    ],
    [
      'text',
      'gaugehistogram',
      'a_bucket{le="+Inf"} -1;a_count -1;a_sum 1',
      [...odd, 'counter-value 2', 'counter-value 3'],
    ],
    ['both', 'summary', 'a_sum 1;a_count -1', ['counter-value 3']],
    ['openmetrics', 'summary', 'a_sum -1;a_count 1', ['counter-value 2']],
    ['text', 'summary', 'a_sum -1;a_count 1', []],
    ['openmetrics', 'summary', 'a{quantile="1"} -1', ['counter-value 2']],
    ['text', 'summary', 'a{quantile="1"} -1', []],
    ['both', 'summary', 'a{quantile="1"} NaN', []],
  ])
})

test('OpenMetrics counts events one by one', () => {
  check([
    ['openmetrics', 'summary', 'a_count 0.5;a_sum 1', ['fractional-count 2']],
    ['text', 'summary', 'a_count 0.5;a_sum 1', []],
    [
      'openmetrics',
      'histogram',
      'a_bucket{le="+Inf"} 0.5;a_count 0.5;a_sum 1',
      ['fractional-count 2', 'fractional-count 3'],
    ],
    [
      'openmetrics',
      'gaugehistogram',
      'a_bucket{le="+Inf"} 0.5;a_gcount 0.5;a_gsum 1',
      ['fractional-count 2', 'fractional-count 3'],
    ],
    ['openmetrics', 'counter', 'a_total 0.5', []],
  ])
})

test('an info is 1, a state 0 or 1', () => {
  check([
    ['openmetrics', 'info', 'a_info{b="c"} 2', ['info-value 2']],
    ['openmetrics', 'stateset', 'a{a="b"} 0.5;a{a="c"} 1;a{a="d"} 0', ['state-value 2']],
  ])
})

test('exemplars stand on buckets and totals', () => {
  const exemplar = '# {b="c"} 1'
  check([
    ['openmetrics', 'counter', `a_total 1 ${exemplar}`, []],
    ['openmetrics', 'counter', `a_total 1;a_created 1 ${exemplar}`, ['exemplar-not-allowed 3']],
    ['openmetrics', 'gauge', `a 1 ${exemplar}`, ['exemplar-not-allowed 2']],
    ['openmetrics', 'histogram', `a_bucket{le="+Inf"} 1 ${exemplar}`, []],
    ['openmetrics', 'gaugehistogram', `a_bucket{le="+Inf"} 1 ${exemplar}`, []],
    [
      'openmetrics',
      'histogram',
      `a_bucket{le="+Inf"} 1;a_count 1 ${exemplar};a_sum 1`,
      ['exemplar-not-allowed 3'],
    ],
  ])
})

test('the labels of an exemplar have 128 characters at most, whatever their bytes', () => {
  for (const letter of ['x', 'é', '\u{1F600}']) {
    check([
      ['openmetrics', 'counter', `a_total 1 # {b="${letter.repeat(127)}"} 1`, []],
      ['openmetrics', 'counter', `a_total 1 # {b="${letter.repeat(128)}"} 1`, ['exemplar-too-long 2']],
    ])
  }
})
