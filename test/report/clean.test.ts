import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanDeep, cleanText, toOneLine } from '../../src/report/clean.ts'

test('styling is dropped, everything else that a terminal obeys is spelt out', () => {
  assert.equal(cleanText('\u001b[1;31mred\u001b[0m'), 'red')
  assert.equal(cleanText('\u009b31mred\u009b0m'), '\\x9b31mred\\x9b0m')
  assert.equal(cleanText('a\u001b[2Jb'), 'a\\x1b[2Jb')
  assert.equal(cleanText('\u001b]0;title\u0007'), '\\x1b]0;title\\x07')
  assert.equal(cleanText('over\rwritten\b\u0000\u007f'), 'over\\x0dwritten\\x08\\x00\\x7f')
  assert.equal(cleanText('gpj.\u202etxt\u2066'), 'gpj.\\u202etxt\\u2066')
  assert.equal(cleanText('half \ud83d of a ship'), 'half \\ud83d of a ship')
  assert.equal(cleanText('one\u2028two\u0085three'), 'one\\u2028two\\x85three')
})

test('what is harmless stays as it is', () => {
  for (const text of ['', 'plain', 'a\n\tb', '日本語 🚢 é', '::error::']) assert.equal(cleanText(text), text)
  assert.equal(cleanText('windows\r\nlines\r\n\u0000'), 'windows\nlines\n\\x00')
})

test('no text keeps a character that is obeyed, and cleaning twice changes nothing more', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('\u001b', '[', '3', 'm', '\u009b', '\r', '\n', '\u202e', 'x', '\u0007'),
  })
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), nasty), (text) => {
      const clean = cleanText(text)
      assert.doesNotMatch(clean, /[[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]--[\t\n]]/v)
      assert.equal(cleanText(clean), clean)
    }),
  )
})

test('every text in a value is cleaned, names too, and a clean value is not copied', () => {
  const dirty = { a: ['\u001b[2J', { '\u0007': 'x\u0000' }], n: 1, nothing: undefined, none: null }
  const clean = { a: ['\\x1b[2J', { '\\x07': 'x\\x00' }], n: 1, nothing: undefined, none: null }
  assert.deepEqual(cleanDeep(dirty), clean)
  assert.equal(cleanDeep(clean), clean)
})

test('one line is one line', () => {
  assert.equal(toOneLine('  a\n   b\n\nc\n'), 'a b c')
  assert.equal(toOneLine(' kept  as it is '), ' kept  as it is ')
})
