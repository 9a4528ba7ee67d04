import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fit, pad, widthOf, wrap } from '../../src/report/width.ts'

test('a width is counted in columns', () => {
  const widths = {
    'plain text': 10,
    日本語: 6,
    '🚢': 2,
    '👩‍👩‍👧': 2,
    é: 1,
    'e\u0301': 1,
    '✓✗●': 3,
    한글: 4,
    '\u001b[31mred\u001b[0m': 3,
    '': 0,
  }
  for (const [text, width] of Object.entries(widths)) assert.equal(widthOf(text), width, JSON.stringify(text))
})

test('a character is as wide alone, where that is read off its code, as beside one that needs segments', () => {
  for (let code = 0x20; code < 0x2800; code += 1) {
    // Scripts whose characters join with the next one.
    if (code === 0x2ff) code = 0x2000
    const character = String.fromCodePoint(code)
    assert.equal(widthOf(character), widthOf(`${character}日`) - 2, `U+${code.toString(16)}`)
  }
})

test('what does not fit is cut at its end, never in the middle of a character', () => {
  assert.equal(fit('exactly', 7), 'exactly')
  assert.equal(fit('too long', 7), 'too lo…')
  assert.equal(fit('日本語', 4), '日…')
  assert.equal(fit('👩‍👩‍👧 family', 4), '👩‍👩‍👧 …')
  assert.equal(fit('abc', 2, '...'), '')
  assert.equal(pad('日本', 6), '日本  ')
})

test('nothing that is fitted is too wide', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, columns) => {
      assert.ok(widthOf(fit(text.replace(/\p{Cc}/gu, ''), columns)) <= columns)
    }),
  )
})

test('lines are broken where two spaces are, else between words, and nothing is lost', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
  assert.deepEqual(wrap('ready in 5ms  127.0.0.1:80  metrics 127.0.0.1:81', 30), [
    'ready in 5ms  127.0.0.1:80',
    'metrics 127.0.0.1:81',
  ])
  assert.deepEqual(wrap('averyveryverylongword and more', 8), ['averyveryverylongword', 'and more'])
  // What is short does not stand alone.
  assert.deepEqual(wrap('a step with a title  1.2s', 20), ['a step with a', 'title  1.2s'])
  assert.deepEqual(wrap('averyveryverylongtitle  1.2s', 20), ['averyveryverylongtitle', '1.2s'])
  assert.deepEqual(wrap('', 8), [''])
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^\w{1,12}$/), { minLength: 1 }),
      fc.integer({ min: 4, max: 40 }),
      (words, columns) => {
        const lines = wrap(words.join(' '), columns)
        assert.equal(lines.join(' '), words.join(' '))
        for (const line of lines) assert.ok(line.length <= columns || !line.includes(' '))
      },
    ),
  )
})
