// The same for `node --test`.
import { equal } from 'node:assert/strict'
import { test } from 'node:test'

test('nothing to do', async (context) => {
  await context.test('one is one', () => {
    equal(1, 1)
  })
})
