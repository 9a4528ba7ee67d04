import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Family, Sample } from '../../src/metrics/exposition.ts'
import { groupMetrics } from '../../src/metrics/family.ts'
import { keySeries, showSeries } from '../../src/metrics/family-key.ts'
import { parse } from '../../src/metrics/parse.ts'
import { readFixture } from './fixture.ts'

const OPENMETRICS = { contentType: 'application/openmetrics-text' }

function outline(families: readonly Family[]): readonly string[] {
  return families.map(
    ({ name, type, samples }) => `${name} ${type} ${samples.map(({ line }) => line).join()}`,
  )
}

function metricsOf(text: string): readonly object[] {
  const [family] = parse(text, OPENMETRICS).families
  assert.ok(family !== undefined)
  return groupMetrics(family).map(({ labels, samples }) => ({
    labels,
    lines: samples.map(({ line }) => line),
  }))
}

test('classic samples belong to the family of their TYPE', () => {
  const { families } = parse(readFixture('one-of-each.prom'))
  assert.deepEqual(outline(families), [
    'requests_total counter 4,5',
    'temperature_celsius gauge 8',
    'latency_seconds histogram 10,11,12,13,14,15,16,17',
    'size_bytes summary 19,20,21',
    'build unknown 23',
    'straße.länge gauge 26',
    'no_type_at_all unknown 27',
  ])
  assert.equal(families[0]?.help, 'Requests, by \\path\\ and\nstatus.')
  assert.equal(families[1]?.help, undefined)
})

test('OpenMetrics samples belong to the family of their TYPE', () => {
  const { families } = parse(readFixture('one-of-each.om'), OPENMETRICS)
  assert.deepEqual(outline(families), [
    'requests counter 3,4',
    'temperature_celsius gauge 7',
    'latency_seconds histogram 10,11,12,13',
    'queue gaugehistogram 15,16,17,18',
    'size_bytes summary 20,21,22',
    'build info 24',
    'light stateset 26,27',
    'other unknown 29',
  ])
  assert.equal(families[1]?.unit, 'celsius')
})

test('families are grouped once, when they are asked for', () => {
  const exposition = parse('a 1\n')
  assert.equal(exposition.families, exposition.families)
})

test('a family that stands in pieces is one, and keeps all its metadata', () => {
  const { families } = parse(readFixture('twice-told.prom'))
  assert.deepEqual(outline(families), ['restarts_total counter 3,9', 'up gauge 6'])
  assert.equal(families[0]?.metadata.length, 4)
})

test('a TYPE of its own comes before an ending, and endings count only for types that have them', () => {
  const type = (name: string, type: string) => `# TYPE ${name} ${type}\n`
  const texts = [
    [`${type('a', 'histogram')}${type('a_count', 'gauge')}a_count 1\n`, ['a histogram ', 'a_count gauge 3']],
    [`${type('a', 'gauge')}a_count 1\n`, ['a gauge ', 'a_count unknown 2']],
    [`${type('a', 'summary')}a_bucket 1\na_sum 2\n`, ['a summary 3', 'a_bucket unknown 2']],
    [`${type('a', 'counter')}a_total 1\na 2\n`, ['a counter 3', 'a_total unknown 2']],
    [`a_sum 1\n${type('a', 'summary')}`, ['a summary 1']],
    [`${type('_', 'summary')}__sum 1\n_sum 1\n`, ['_ summary 2', '_sum unknown 3']],
    ['# HELP a_sum x\na_sum 1\n', ['a_sum unknown 2']],
  ] as const
  for (const [text, expected] of texts) assert.deepEqual(outline(parse(text).families), expected, text)
})

test('gauge histograms of classic text have both kinds of count and sum', () => {
  const lines = ['_bucket{le="+Inf"}', '_gcount', '_gsum', '_count', '_sum', '_total'].map(
    (ending) => `a${ending} 1\n`,
  )
  assert.deepEqual(outline(parse(`# TYPE a gaugehistogram\n${lines.join('')}`).families), [
    'a gaugehistogram 2,3,4,5,6',
    'a_total unknown 7',
  ])
})

test('_created belongs to counters, histograms and summaries of OpenMetrics only', () => {
  for (const type of ['counter', 'histogram', 'summary']) {
    const text = `# TYPE a ${type}\na_created 1\n`
    assert.deepEqual(outline(parse(`${text}# EOF`, OPENMETRICS).families), [`a ${type} 2`])
    assert.deepEqual(outline(parse(text).families), [`a ${type} `, 'a_created unknown 2'])
  }
  const text = '# TYPE a gaugehistogram\na_created 1\n# EOF'
  assert.deepEqual(outline(parse(text, OPENMETRICS).families), ['a gaugehistogram ', 'a_created unknown 2'])
})

test('the first TYPE counts', () => {
  assert.deepEqual(outline(parse('# TYPE a histogram\n# TYPE a gauge\n# HELP a x\na_sum 1\n').families), [
    'a histogram 4',
  ])
  const [family] = parse('# TYPE a gauge\n# TYPE a counter\n# HELP a x\n# HELP a y\na 1\n').families
  assert.equal(family?.type, 'gauge')
  assert.equal(family?.help, 'x')
})

test('metrics are the samples of a family by label set, in any order of labels', () => {
  const text = [
    '# TYPE h histogram',
    'h_bucket{a="1",b="2",le="1"} 0',
    'h_bucket{b="2",a="1",le="+Inf"} 0',
    'h_bucket{a="2",le="+Inf"} 0',
    'h_count{a="1",b="2"} 0',
    '# EOF',
  ].join('\n')
  assert.deepEqual(metricsOf(text), [
    { labels: { a: '1', b: '2' }, lines: [2, 3, 5] },
    { labels: { a: '2' }, lines: [4] },
  ])
  assert.deepEqual(metricsOf('# TYPE s stateset\ns{s="x",le="1"} 0\ns{s="y",le="1"} 1\ns{s="y"} 1\n# EOF'), [
    { labels: { le: '1' }, lines: [2, 3] },
    { labels: {}, lines: [4] },
  ])
})

test('two samples have the same key when they are of the same series', () => {
  const [a, ...rest] = parse('a{b="c",d="e"} 1\na{d="e",b="c"} 2 3\na{b="c",d="e",f=""} 4\n').samples.map(
    keySeries,
  )
  assert.deepEqual(rest, [a, a])
  const others = parse(
    'a{b="c"} 1\na{b="c",d="E"} 1\nb{b="c",d="e"} 1\na 1\na{bd="ce"} 1\na{b="cd",e="f"} 1\na{b="c",de="f"} 1\n',
  )
  assert.equal(new Set([a, ...others.samples.map(keySeries)]).size, 8)
})

test('a series is shown as it is written, and cut when it is long', () => {
  const sample: Sample = { name: 'a', labels: { z: 'x"y', b: '\n' }, value: 1, line: 1 }
  assert.equal(showSeries(sample), 'a{z="x\\"y",b="\\n"}')
  assert.equal(showSeries({ ...sample, labels: {} }), 'a')
  assert.equal(showSeries({ ...sample, labels: { b: 'c'.repeat(193) } }), `a{b="${'c'.repeat(193)}"}`)
  assert.equal(showSeries({ ...sample, labels: { b: 'c'.repeat(300) } }).length, 201)
})
