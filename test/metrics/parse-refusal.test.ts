import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuse } from './refuse.ts'

test('the first thing that is wrong is named with its place', () => {
  const wrong: readonly (readonly [text: string, place: string, expected: RegExp])[] = [
    ['a 1\nb\n', '2:2', /a blank or \{ after the metric name, found the end of the line/],
    ['a', '1:2', /a blank or \{ after the metric name/],
    ['a ', '1:3', /a value/],
    ['9a 1', '1:1', /a metric name, found "9a"/],
    ['a.b 1', '1:2', /a blank or \{ after the metric name, found ".b"/],
    ['"a" 1', '1:1', /a metric name, found "\\""/],
    ['aé 1', '1:2', /a blank or \{/],
    ['a{b} 1', '1:4', /= after the label name, found "}"/],
    ['a{b=} 1', '1:5', /a double quote before the label value/],
    ['a{b=c} 1', '1:5', /a double quote before the label value, found "c"/],
    ["a{b='c'} 1", '1:5', /a double quote/],
    ['a{b="c} 1', '1:10', /a closing double quote, found the end of the line/],
    ['a{b="c\\"} 1', '1:12', /a closing double quote/],
    ['a{b="c\nd"} 1', '1:7', /a closing double quote/],
    ['a{9="c"} 1', '1:3', /a label name/],
    ['a{="c"} 1', '1:3', /a label name/],
    ['a{b:c="d"} 1', '1:4', /= after the label name/],
    ['a{b="c"', '1:8', /a comma or a closing brace/],
    ['a{b="c";d="e"} 1', '1:8', /a comma or a closing brace/],
    ['a{b="c",,} 1', '1:9', /a label name, found ","/],
    ['a{,b="c"} 1', '1:3', /a label name or a closing brace/],
    ['a{,,} 1', '1:3', /a label name or a closing brace/],
    ['a{b="c",b="d"} 1', '1:9', /another label: b was given already/],
    ['a{b="1",c="2"} 1\na{b="1",c="2",b="3"} 1', '2:15', /another label: b was given already/],
    ['a{__name__="b"} 1', '1:3', /__name__ is the metric name itself/],
    ['{b="c"} 1', '1:1', /a metric name/],
    ['{} 1', '1:1', /a metric name/],
    ['{""} 1', '1:3', /a name between the quotes/],
    ['{"a",""="b"} 1', '1:7', /a name between the quotes/],
    ['{"a","b"} 1', '1:9', /the metric has a name already/],
    ['a{"b"} 1', '1:1', /one metric name: there is one before the brace too/],
    ['{"a" b="c"} 1', '1:6', /a comma or a closing brace/],
    ['{"a\\t"} 1', '1:4', /one of the escapes/],
    ['a{b="c"} x', '1:10', /a value: a decimal number, \+Inf, -Inf or NaN, found "x"/],
    ['a 0x10', '1:3', /a value/],
    ['a 1_000', '1:3', /a value/],
    ['a +NaN', '1:3', /a value/],
    ['a 1e', '1:3', /a value/],
    ['a .', '1:3', /a value/],
    ['a 1e999', '1:3', /a number that a 64-bit float can hold/],
    ['a 1 1.5', '1:5', /a timestamp in whole milliseconds/],
    ['a 1 x', '1:5', /a timestamp in whole milliseconds/],
    ['a 1 99999999999999999999', '1:5', /a timestamp in whole milliseconds/],
    ['a 1 2 3', '1:7', /the end of the line after the timestamp, found "3"/],
    ['# TYPE a', '1:9', /a space after the metric name/],
    ['# TYPE a b\n', '1:10', /a type: one of counter, gauge, histogram/],
    ['# TYPE a gauge gauge\n', '1:10', /a type/],
    ['# TYPE a Gauge\n', '1:10', /a type/],
    ['# TYPE 9 gauge\n', '1:8', /a metric name/],
    ['# TYPE "a gauge\n', '1:16', /a closing double quote/],
    ['# HELP a-b c\n', '1:9', /a space after the metric name/],
  ]
  for (const [text, place, expected] of wrong) {
    const error = refuse(text)
    assert.equal(`${error.place?.line}:${error.place?.column}`, place, text)
    assert.match(error.story.expected ?? '', expected, text)
  }
})

test('hints name what is probably meant', () => {
  const hints = [
    ['# TYPE a guage\n', /did you mean gauge\?/],
    ['# TYPE a unknown\n', /classic text says untyped/],
    ['# TYPE a info\n', /info is OpenMetrics/],
    ['a 1 # {} 1', /exemplars are OpenMetrics/],
    ['a 1 1.5', /seconds with a fraction are OpenMetrics/],
    ['a 1\r\n', /ends lines with \\n/],
    ['# TYPE a gauge\r\n', /ends lines with \\n/],
    ['\uFEFFa 1\n', /byte order mark/],
  ] as const
  for (const [text, hint] of hints) assert.match(String(refuse(text).story.hint), hint, text)
})

test('long lines that are wrong end at once', () => {
  const long = 1_000_000
  assert.equal(refuse(`a ${'1'.repeat(long)}x`).place?.column, 3)
  assert.equal(refuse(`# TYPE a gauge${' '.repeat(long)}x`).place?.column, 10)
  assert.equal(refuse(`#${' '.repeat(long)}HELP${' '.repeat(long)}-`).place?.line, 1)
  assert.equal(refuse(`# TYPE a ${'g'.repeat(long)}`).place?.column, 10)
  assert.equal(refuse(`a{b="${'\\'.repeat(long)}`).place?.line, 1)
  assert.equal(refuse(`a{${'b'.repeat(long)}`).place?.column, long + 3)
})
