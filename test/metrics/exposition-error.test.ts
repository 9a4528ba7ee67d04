import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ShakedownError } from '../../src/error.ts'
import { drawCaret, placeAt } from '../../src/metrics/exposition-error.ts'
import { refuse } from './refuse.ts'

test('the message tells what was expected, shows the line and points into it', () => {
  const error = refuse('up 1\nrequests_total{code=200} 3\n')
  assert.equal(
    error.message,
    [
      'not an exposition: line 2, column 21',
      '  expected  a double quote before the label value, found "200"',
      '  last      requests_total{code=200} 3',
      '                                ^',
    ].join('\n'),
  )
  assert.deepEqual(error.place, { line: 2, column: 21, text: 'requests_total{code=200} 3' })
  assert.ok(error instanceof ShakedownError)
  assert.equal(error.code, 'failed')
  assert.equal(error.name, 'ExpositionError')
})

test('a long line is cut around the caret', () => {
  const text = `${'a'.repeat(500)}!${'b'.repeat(500)}`
  const [line = '', caret = ''] = drawCaret({ line: 1, column: 501, text }).split('\n')
  assert.equal(line, `…${'a'.repeat(50)}!${'b'.repeat(49)}…`)
  assert.equal(line[caret.indexOf('^')], '!')
  for (const column of [1, 51]) {
    const whole = { line: 1, column, text: 'a'.repeat(100) }
    assert.equal(drawCaret(whole), `${whole.text}\n${' '.repeat(column - 1)}^`)
  }
  assert.equal(drawCaret({ line: 1, column: 1, text: 'a'.repeat(101) }), `${'a'.repeat(100)}…\n^`)
  assert.equal(
    drawCaret({ line: 1, column: 52, text: 'a'.repeat(60) }),
    `…${'a'.repeat(59)}\n${' '.repeat(51)}^`,
  )
})

test('control characters neither vanish nor move the caret', () => {
  assert.equal(drawCaret({ line: 1, column: 4, text: '\ta\r\u{1F600}' }), '␉a␍\u{1F600}\n   ^')
})

test('a place is found by counting newlines', () => {
  const text = '\na\n\nbc'
  const places = [0, 1, 2, 3, 4, 5, 6].map((at) => placeAt(text, at))
  assert.deepEqual(
    places.map(({ line, column }) => `${line}:${column}`),
    ['1:1', '2:1', '2:2', '3:1', '4:1', '4:2', '4:3'],
  )
  assert.deepEqual(
    places.map((place) => place.text),
    ['', 'a', 'a', '', 'bc', 'bc', 'bc'],
  )
})
