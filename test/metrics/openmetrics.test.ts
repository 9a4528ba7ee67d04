import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sample } from '../../src/metrics/exposition.ts'
import { parse } from '../../src/metrics/parse.ts'
import { readFixture } from './fixture.ts'
import { refuse } from './refuse.ts'

const OPENMETRICS = { contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8' }

test('a page of every OpenMetrics type is read as it stands', () => {
  const { dialect, samples, metadata, tolerated } = parse(readFixture('one-of-each.om'), OPENMETRICS)
  assert.equal(dialect, 'openmetrics')
  assert.deepEqual(tolerated, [])
  assert.equal(samples.length, 18)
  assert.deepEqual(samples.slice(0, 4), [
    {
      name: 'requests_total',
      labels: { path: '/' },
      value: 17,
      timestamp: 1520879607.789,
      exemplar: { labels: { trace_id: 'a b', n: '1' }, value: 0.5, timestamp: 1520879607.5 },
      line: 3,
    },
    {
      name: 'requests_created',
      labels: { path: '/' },
      value: 1520872607.123,
      timestamp: 1520879607.789,
      line: 4,
    },
    { name: 'temperature_celsius', labels: {}, value: 21.5, line: 7 },
    {
      name: 'latency_seconds_bucket',
      labels: { le: '0.1' },
      value: 1,
      exemplar: { labels: {}, value: 0.05 },
      line: 10,
    },
  ])
  assert.deepEqual(metadata.slice(0, 4), [
    { kind: 'type', family: 'requests', type: 'counter', line: 1 },
    { kind: 'help', family: 'requests', help: 'Requests, "all" of them.\nReally.', line: 2 },
    { kind: 'type', family: 'temperature_celsius', type: 'gauge', line: 5 },
    { kind: 'unit', family: 'temperature_celsius', unit: 'celsius', line: 6 },
  ])
})

test('a line is read when its parts are one space apart', () => {
  const lines: readonly (readonly [line: string, sample: Omit<Sample, 'line'>])[] = [
    ['a 1', { name: 'a', labels: {}, value: 1 }],
    ['a{} 1 0.5', { name: 'a', labels: {}, value: 1, timestamp: 0.5 }],
    ['a 1 -1e3', { name: 'a', labels: {}, value: 1, timestamp: -1000 }],
    ['a{b="\\z\\n"} 1', { name: 'a', labels: { b: '\\z\n' }, value: 1 }],
    ['{"a b",c="d"} 1', { name: 'a b', labels: { c: 'd' }, value: 1 }],
    ['a nan', { name: 'a', labels: {}, value: Number.NaN }],
    ['a 1 # {} 2', { name: 'a', labels: {}, value: 1, exemplar: { labels: {}, value: 2 } }],
    [
      'a 1 # {"b c"="d # e"} 2 3',
      { name: 'a', labels: {}, value: 1, exemplar: { labels: { 'b c': 'd # e' }, value: 2, timestamp: 3 } },
    ],
  ]
  for (const [line, sample] of lines) {
    const { samples, tolerated } = parse(`${line}\n# EOF\n`, OPENMETRICS)
    assert.deepEqual(samples, [{ ...sample, line: 1 }], line)
    assert.deepEqual(tolerated, [], line)
  }
})

test('# EOF ends the text, with or without a newline', () => {
  for (const text of ['# EOF', '# EOF\n']) assert.deepEqual(parse(text, OPENMETRICS).samples, [])
})

test('HELP and UNIT may be empty behind their space', () => {
  const { metadata } = parse('# HELP a \n# UNIT a \n# HELP b  \\"x\\" \n# EOF\n', OPENMETRICS)
  assert.deepEqual(metadata, [
    { kind: 'help', family: 'a', help: '', line: 1 },
    { kind: 'unit', family: 'a', unit: '', line: 2 },
    { kind: 'help', family: 'b', help: ' "x" ', line: 3 },
  ])
})

test('the first thing that is wrong is named with its place', () => {
  const wrong: readonly (readonly [text: string, place: string, expected: RegExp])[] = [
    ['', '1:1', /# EOF as the last line, found the end of the text/],
    ['a 1\n', '2:1', /# EOF as the last line/],
    ['\n# EOF\n', '1:1', /a metric name or #/],
    [' a 1\n# EOF\n', '1:1', /a metric name or #/],
    ['a 1\n\n# EOF\n', '2:1', /a metric name or #/],
    ['# EOF\n\n', '2:1', /nothing after # EOF/],
    ['# EOF\na 1\n', '2:1', /nothing after # EOF/],
    ['# EOF \n', '1:1', /# HELP, # TYPE, # UNIT or # EOF/],
    ['#EOF\n', '1:1', /# HELP, # TYPE, # UNIT or # EOF/],
    ['# a comment\n# EOF\n', '1:1', /# HELP, # TYPE, # UNIT or # EOF/],
    ['#\tTYPE a gauge\n# EOF\n', '1:1', /# HELP, # TYPE, # UNIT or # EOF/],
    ['# TYPE  a gauge\n# EOF\n', '1:8', /a metric name/],
    ['# TYPE a  gauge\n# EOF\n', '1:10', /a type: one of counter, gauge, .* info, stateset, unknown/],
    ['# TYPE a gauge \n# EOF\n', '1:10', /a type/],
    ['# TYPE a untyped\n# EOF\n', '1:10', /a type/],
    ['# HELP a\n# EOF\n', '1:9', /a space after the metric name/],
    ['# UNIT a_b b c\n# EOF\n', '1:13', /a unit of letters, digits and _, found " "/],
    ['a\n# EOF\n', '1:2', /one space before the value/],
    ['a  1\n# EOF\n', '1:3', /a value/],
    ['a\t1\n# EOF\n', '1:2', /one space before the value/],
    ['a {b="c"} 1\n# EOF\n', '1:3', /a value/],
    ['a{b="c"}1\n# EOF\n', '1:9', /one space before the value/],
    ['a{b="c",} 1\n# EOF\n', '1:9', /a label name/],
    ['a{,} 1\n# EOF\n', '1:3', /a label name/],
    ['a{b ="c"} 1\n# EOF\n', '1:4', /= after the label name/],
    ['a{b="c" ,d="e"} 1\n# EOF\n', '1:8', /a comma or a closing brace/],
    ['a{b="c"d="e"} 1\n# EOF\n', '1:8', /a comma or a closing brace/],
    ['a 1 \n# EOF\n', '1:5', /a timestamp in decimal seconds/],
    ['a 1\t2\n# EOF\n', '1:3', /a value/],
    ['a 1 NaN\n# EOF\n', '1:5', /a timestamp in decimal seconds/],
    ['a 1 Inf\n# EOF\n', '1:5', /a timestamp in decimal seconds/],
    ['a 1 1e999\n# EOF\n', '1:5', /a timestamp in decimal seconds/],
    ['a 1 2 3\n# EOF\n', '1:6', /an exemplar .* or the end of the line after the timestamp/],
    ['a 1 #\n# EOF\n', '1:5', /a timestamp in decimal seconds/],
    ['a 1 # x\n# EOF\n', '1:7', /the \{ of the exemplar/],
    ['a 1 # {b="c"}\n# EOF\n', '1:14', /one space before the exemplar's value/],
    ['a 1 # {b="c"} x\n# EOF\n', '1:15', /a value/],
    ['a 1 # {"b"} 1\n# EOF\n', '1:8', /labels only: an exemplar has no name/],
    ['a 1 # {} 1 x\n# EOF\n', '1:12', /a timestamp in decimal seconds/],
    ['a 1 # {} 1 2 \n# EOF\n', '1:13', /the end of the line after the exemplar's timestamp/],
    ['a 1 # {b="c",b="d"} 1\n# EOF\n', '1:14', /another label: b was given already/],
  ]
  for (const [text, place, expected] of wrong) {
    const error = refuse(text, OPENMETRICS.contentType)
    assert.equal(`${error.place?.line}:${error.place?.column}`, place, text)
    assert.match(error.story.expected ?? '', expected, text)
  }
})

test('hints name what is probably meant', () => {
  const hints = [
    ['a 1\n', /was the answer cut off\?/],
    ['\n# EOF\n', /OpenMetrics has no blank lines and no indentation/],
    ['# a\n# EOF\n', /OpenMetrics has no other comments/],
    ['# TYPE a untyped\n# EOF\n', /OpenMetrics says unknown/],
    ['a 1\r\n# EOF\r\n', /ends lines with \\n/],
  ] as const
  for (const [text, hint] of hints)
    assert.match(String(refuse(text, OPENMETRICS.contentType).story.hint), hint, text)
})
