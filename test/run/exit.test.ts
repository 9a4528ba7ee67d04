import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorCode } from '../../src/error.ts'
import { causeOf, exitCodeFor } from '../../src/run/exit.ts'

test('every cause has its exit code', () => {
  const codes = (
    ['failed', 'usage', 'preflight', 'leak', 'threshold', 'deadline', 'interrupted'] as const
  ).map((cause) => exitCodeFor([cause]))
  assert.deepEqual(codes, [1, 2, 3, 4, 99, 124, 130])
  assert.equal(exitCodeFor([]), 0)
})

test('the weightiest cause wins', () => {
  const order: readonly ErrorCode[] = [
    'interrupted',
    'deadline',
    'usage',
    'preflight',
    'failed',
    'threshold',
    'leak',
  ]
  for (const [index, cause] of order.entries()) {
    assert.equal(exitCodeFor(order.slice(index).reverse()), exitCodeFor([cause]))
  }
})

test('an interruption says by which signal', () => {
  assert.equal(exitCodeFor(['interrupted', 'failed'], 143), 143)
})

test('an exit code is read back as its cause', () => {
  assert.deepEqual([0, 77, 1, 2, 3, 4, 99, 124, 129, 130, 143, 13, 127].map(causeOf), [
    undefined,
    undefined,
    'failed',
    'usage',
    'preflight',
    'leak',
    'threshold',
    'deadline',
    'interrupted',
    'interrupted',
    'interrupted',
    'failed',
    'failed',
  ])
})
