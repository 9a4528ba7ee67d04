import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../src/error.ts'
import { readTags } from '../../src/scenario/tags.ts'

test('not binds closest, then and, then or; parentheses come first', () => {
  const cases: readonly (readonly [string, readonly string[], boolean])[] = [
    ['p0', ['p0'], true],
    ['p0', ['p1'], false],
    ['not p0', [], true],
    ['not not p0', ['p0'], true],
    ['p0 and not slow', ['p0'], true],
    ['p0 and not slow', ['p0', 'slow'], false],
    ['a or b and c', ['a'], true],
    ['a or b and c', ['b'], false],
    ['(a or b) and c', ['a'], false],
    ['(a or b) and c', ['b', 'c'], true],
    ['not (a or b)', ['c'], true],
    ['not a or b', ['b', 'a'], true],
  ]
  for (const [text, tags, fits] of cases) assert.equal(readTags(text).fits(tags), fits, `${text}: ${tags}`)
  assert.deepEqual(readTags('a or not (b and c)').names, ['a', 'b', 'c'])
})

test('what is none is refused with how it is written', () => {
  const cases = {
    '': /a tag is missing at the end/,
    'p0 and': /a tag is missing at the end/,
    'and p0': /a tag is missing before and/,
    'p0 slow': /slow follows where it should end\n.*'p0 and not slow'/,
    '(p0 or p1': /a parenthesis is not closed/,
    'p0)': /\) follows where it should end/,
    '()': /a tag is missing before \)/,
  }
  for (const [text, message] of Object.entries(cases))
    assert.throws(
      () => readTags(text),
      (error) => error instanceof UsageError && message.test(error.message),
      text,
    )
})
