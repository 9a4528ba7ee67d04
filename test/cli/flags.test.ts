import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFlags, showFlags } from '../../src/cli/flags.ts'
import { UsageError } from '../../src/error.ts'

const FLAGS = {
  quick: { about: 'less' },
  only: { value: 'TEXT', about: 'some' },
  skip: { value: 'TEXT', many: true, about: 'none' },
  verbose: { short: 'v', about: 'more' },
}

function refusal(...args: readonly string[]): string {
  try {
    readFlags(args, FLAGS)
  } catch (error) {
    assert.ok(error instanceof UsageError)
    return error.message
  }
  assert.fail(`${args} were taken`)
}

test('switches, values, words and short names are read', () => {
  const given = readFlags(
    ['a', '--quick', '--only', 'x y', '--skip=1', '--skip', '2', '-v', '--', '--b'],
    FLAGS,
  )
  assert.ok(given.has('quick') && given.has('verbose') && !given.has('nothing'))
  assert.equal(given.value('only'), 'x y')
  assert.deepEqual(given.values('skip'), ['1', '2'])
  assert.deepEqual(given.words, ['a', '--b'])
})

test('what does not fit is refused', () => {
  assert.match(refusal('--quik'), /unknown flag: --quik\n.*did you mean --quick\?/)
  assert.match(refusal('-x'), /unknown flag: -x/)
  assert.match(refusal('--quick=yes'), /--quick takes no value/)
  assert.match(refusal('--only'), /--only needs a value/)
  assert.match(refusal('--only', '--quick'), /--only needs a value/)
  assert.match(refusal('--only='), /--only needs a value/)
  assert.equal(readFlags(['--only=--quick'], FLAGS).value('only'), '--quick')
  assert.match(refusal('--only', 'a', '--only', 'b'), /--only is given twice/)
  assert.match(refusal('--constructor'), /unknown flag: --constructor/)
})

test('they are listed aligned', () => {
  assert.equal(
    showFlags(FLAGS),
    '  --quick        less\n  --only TEXT    some\n  --skip TEXT    none\n  -v, --verbose  more',
  )
})
