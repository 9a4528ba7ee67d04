import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dialect } from '../../src/metrics/exposition.ts'
import { parse } from '../../src/metrics/parse.ts'
import { validate } from '../../src/metrics/validate.ts'
import { findAll } from './findings.ts'
import { readFixture } from './fixture.ts'

test('a healthy page has no findings', () => {
  assert.deepEqual(validate(parse(readFixture('one-of-each.prom'))), [])
  const contentType = 'application/openmetrics-text'
  assert.deepEqual(validate(parse(readFixture('one-of-each.om'), { contentType })), [])
})

test('findings come in the order of their lines, each with its rule, message and family', () => {
  assert.deepEqual(validate(parse(readFixture('twice-told.prom'))), [
    {
      rule: 'repeated-metadata',
      message: 'HELP of restarts_total stands in line 1 already',
      line: 7,
      family: 'restarts_total',
    },
    {
      rule: 'repeated-metadata',
      message: 'TYPE of restarts_total stands in line 2 already',
      line: 8,
      family: 'restarts_total',
    },
    {
      rule: 'split-family',
      message: 'the lines of restarts_total do not stand together: the last one was line 3',
      line: 9,
      family: 'restarts_total',
    },
    {
      rule: 'duplicate-series',
      message: 'restarts_total{reason="hup"} stands in line 3 already',
      line: 9,
      family: 'restarts_total',
    },
  ])
})

test('what is read although other readers refuse it is found', () => {
  const cases: readonly (readonly [dialect: Dialect, text: string, findings: readonly string[]])[] = [
    ['text', 'a 1', ['missing-newline 1']],
    ['text', 'a 1\n# HELP a b', ['missing-newline 2', 'late-metadata 2']],
    ['text', 'a 1\n# b', []],
    ['text', 'a{b="c" d="e"} 1', ['missing-comma 1', 'missing-newline 1']],
    ['text', 'a{b="c"d="e"} 1\na{b="c"d="f"} 1\n', ['missing-comma 1', 'missing-comma 2']],
    ['text', 'a{,} 1\n', ['lone-comma 1']],
    ['text', 'a{b="\\t"} 1\n', ['unknown-escape 1']],
    ['text', ' a 1\n', ['indented-sample 1']],
    ['text', 'a 1 \n', ['trailing-blank 1']],
    ['text', 'a 1 2\t\n', ['trailing-blank 1']],
    ['text', 'a 1 -2\na{b="c"} 1 +2\n', ['signed-timestamp 1', 'signed-timestamp 2']],
    ['text', '# TYPE a gauge \na 1\n', ['blank-around-type 1']],
    ['text', '# TYPE a \tgauge\na 1\n', ['blank-around-type 1']],
    ['text', '#\t TYPE \ta gauge\na 1\n', []],
    ['text', '#TYPE a gauge\na 1\n', ['glued-keyword 1']],
    ['text', '#HELPA gauge\na 1\n', []],
    ['text', '# HELP \n# TYPE\t\n', ['nameless-metadata 1', 'nameless-metadata 2']],
    ['text', '# TYPE a gauge_histogram\n', ['type-not-classic 1']],
    ['openmetrics', 'a{b="c", d="e"} 1\n# EOF', ['blank-in-labels 1']],
    [
      'openmetrics',
      'a{b="c", d="e"} 1\na{b="d", d="e"} 1\n# EOF',
      ['blank-in-labels 1', 'blank-in-labels 2'],
    ],
    ['openmetrics', 'a{b="\\t"} 1\n# EOF', []],
  ]
  for (const [dialect, text, findings] of cases) assert.deepEqual(findAll(dialect, text), findings, text)
})
