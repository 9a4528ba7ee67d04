import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sample } from '../../src/metrics/exposition.ts'
import { parse } from '../../src/metrics/parse.ts'
import { readFixture } from './fixture.ts'

test('a page of every classic type is read as it stands', () => {
  const { dialect, samples, metadata, tolerated } = parse(readFixture('one-of-each.prom'))
  assert.equal(dialect, 'text')
  assert.deepEqual(tolerated, [])
  assert.equal(samples.length, 17)
  assert.deepEqual(samples.slice(0, 3), [
    { name: 'requests_total', labels: { path: '/', status: '200' }, value: 1027, line: 4 },
    {
      name: 'requests_total',
      labels: { path: 'C:\\temp "x"\n', status: '500' },
      value: 3,
      timestamp: 1700000000.123,
      line: 5,
    },
    { name: 'temperature_celsius', labels: {}, value: -0.35, line: 8 },
  ])
  assert.deepEqual(samples.slice(-2), [
    { name: 'straße.länge', labels: { 'größe in m': '12' }, value: Number.POSITIVE_INFINITY, line: 26 },
    { name: 'no_type_at_all', labels: {}, value: 7, line: 27 },
  ])
  assert.deepEqual(metadata.slice(0, 2), [
    { kind: 'help', family: 'requests_total', help: 'Requests, by \\path\\ and\nstatus.', line: 2 },
    { kind: 'type', family: 'requests_total', type: 'counter', line: 3 },
  ])
  assert.deepEqual(metadata.slice(-2), [
    { kind: 'help', family: 'straße.länge', help: 'quoted, as in Prometheus 3', line: 24 },
    { kind: 'type', family: 'straße.länge', type: 'gauge', line: 25 },
  ])
})

test('a line is read with any blanks between its parts', () => {
  const { POSITIVE_INFINITY } = Number
  const lines: readonly (readonly [line: string, sample: Omit<Sample, 'line'>])[] = [
    ['a 1', { name: 'a', labels: {}, value: 1 }],
    ['a\t1\t2', { name: 'a', labels: {}, value: 1, timestamp: 0.002 }],
    [':a:b_9 0', { name: ':a:b_9', labels: {}, value: 0 }],
    ['a{b="c",}5 7', { name: 'a', labels: { b: 'c' }, value: 5, timestamp: 0.007 }],
    ['a{ b="c" }5 7', { name: 'a', labels: { b: 'c' }, value: 5, timestamp: 0.007 }],
    ['a{,}5 7', { name: 'a', labels: {}, value: 5, timestamp: 0.007 }],
    ['a{}1', { name: 'a', labels: {}, value: 1 }],
    [
      'a { b = "c" , d\t=\t"e" , }\t-Inf',
      { name: 'a', labels: { b: 'c', d: 'e' }, value: -POSITIVE_INFINITY },
    ],
    ['a{b="{},=#"} 1', { name: 'a', labels: { b: '{},=#' }, value: 1 }],
    ['a{b=""} 1', { name: 'a', labels: { b: '' }, value: 1 }],
    ['a{b="\\\\n\\n\\""} 1', { name: 'a', labels: { b: '\\n\n"' }, value: 1 }],
    ['a{b="c\u0000"} 1', { name: 'a', labels: { b: 'c\u0000' }, value: 1 }],
    ['a{"b"="c"} 1', { name: 'a', labels: { b: 'c' }, value: 1 }],
    ['{"a b"} 1', { name: 'a b', labels: {}, value: 1 }],
    ['{"a\\"\\n\\\\",b="c"} 1', { name: 'a"\n\\', labels: { b: 'c' }, value: 1 }],
    ['{b="c", "a" , "d.e"="f"} 1', { name: 'a', labels: { b: 'c', 'd.e': 'f' }, value: 1 }],
    [
      'a{__proto__="b",constructor="c"} 1',
      { name: 'a', labels: JSON.parse('{"__proto__":"b","constructor":"c"}'), value: 1 },
    ],
  ]
  for (const [line, sample] of lines) assert.deepEqual(readOne(line), sample, line)
})

test('a label of any name is a property like the others', () => {
  const { labels } = readOne('a{b="c",__proto__="d"} 1')
  assert.deepEqual(
    Object.keys(labels).map((name) => Object.getOwnPropertyDescriptor(labels, name)),
    ['c', 'd'].map((value) => ({ value, enumerable: true, writable: true, configurable: true })),
  )
})

test('numbers are read as the nearest double', () => {
  const numbers = [
    '0',
    '-0',
    '+5',
    '08',
    '1.',
    '.5',
    '-.5e-3',
    '1e3',
    '1E+3',
    '0.1',
    '123456789012345',
    '9007199254740993',
  ]
  const more = [
    '0.000000000000001',
    '3.14159265358979',
    '1.7976931348623157e308',
    '5e-324',
    '1e-999',
    '0.30000000000000004',
  ]
  for (const text of [...numbers, ...more]) assert.equal(readOne(`a ${text}`).value, Number(text), text)
  for (const text of ['Inf', '+Inf', 'inf', 'Infinity', '+infinity']) {
    assert.equal(readOne(`a ${text}`).value, Number.POSITIVE_INFINITY, text)
  }
  for (const text of ['NaN', 'nan', 'NAN']) assert.ok(Number.isNaN(readOne(`a ${text}`).value), text)
})

test('labels are the same whether the line before was written alike or not', () => {
  const lines = [
    'a{b="1",c="2"} 1',
    'a{b="3",c="4"} 1',
    'a{c="5",b="6"} 1',
    'a{b="7"} 1',
    'a{b="8",c="9",d="0"} 1',
  ]
  const more = [
    'a{b="\\n",c="\\\\"} 1',
    'a{ b="1", c="2" } 1',
    'a{ b="3", c="4" } 1',
    '{"x",b="1"} 1',
    '{"x",b="2"} 1',
    '{"y",b="2"} 1',
    'a{b="1"} 1',
    'a{} 1',
  ]
  const text = [...lines, ...more]
  const together = parse(`${text.join('\n')}\n`).samples.map(({ line: _, ...rest }) => rest)
  assert.deepEqual(together, text.map(readOne))
})

test('nothing is merged: repeated samples and metadata stay', () => {
  const { samples, metadata } = parse(readFixture('twice-told.prom'))
  assert.deepEqual(
    samples.map(({ name, line }) => [name, line]),
    [
      ['restarts_total', 3],
      ['up', 6],
      ['restarts_total', 9],
    ],
  )
  assert.equal(metadata.length, 6)
})

test('an empty page, comments and blank lines are fine', () => {
  for (const text of [
    '',
    '\n',
    '\n \t\n',
    '#\n',
    '# x\n',
    '# HELP\n',
    '# HELPX a b\n',
    '# EOF\n',
    '# UNIT a b\n',
    '#x',
  ]) {
    const { samples, metadata, tolerated } = parse(text)
    assert.deepEqual([...samples, ...metadata, ...tolerated], [], text)
  }
})

test('HELP may be empty, keeps its blanks inside and only knows two escapes', () => {
  const helps = [
    ['# HELP a', ''],
    ['# HELP a ', ''],
    ['#\tHELP  a \t b  c ', 'b  c '],
    ['# HELP a \\\\n \\n \\" \\x \\', '\\n \n \\" \\x \\'],
    ['  # HELP a # b', '# b'],
  ] as const
  for (const [line, help] of helps)
    assert.deepEqual(parse(line).metadata, [{ kind: 'help', family: 'a', help, line: 1 }])
})

/** The only sample of a line of classic text. */
function readOne(line: string): Omit<Sample, 'line'> {
  const [sample, ...more] = parse(`${line}\n`).samples
  assert.ok(sample !== undefined && more.length === 0, line)
  const { line: _, ...rest } = sample
  return rest
}
