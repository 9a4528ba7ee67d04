import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure, ShakedownError } from '../../src/error.ts'
import { causesIn, createOver, isTold, joinCauses, noteTold } from '../../src/scenario/causes.ts'

test('causes that were joined come apart again, the first first', () => {
  const [first, second, third] = [new Error('first'), new Error('second'), new Error('third')]
  assert.deepEqual(causesIn(joinCauses([first, second, third])), [first, second, third])
  assert.deepEqual(causesIn(first), [first])
})

test('what was told, what is over and what was interrupted need not be told again, whatever followed from it', () => {
  const failed = new Failure('failed')
  assert.equal(isTold(failed), false)
  assert.equal(isTold(joinCauses([failed, createOver('a step')])), false)
  noteTold(failed)
  const interrupted = new ShakedownError('interrupted', 'interrupted by SIGINT')
  for (const error of [failed, createOver('a step'), interrupted]) {
    assert.equal(isTold(error), true)
    assert.equal(isTold(joinCauses([error, new Failure('the service did not stop')])), true)
  }
})
