import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLookup } from '../../src/traffic/lookup.ts'

/** Resolves with whether the answer came at once, that is from memory, and whether there was one. */
function look(lookup: ReturnType<typeof createLookup>, name: string) {
  let isAtOnce = true
  const answer = new Promise<{ isAtOnce: boolean; isFound: boolean }>((resolve) => {
    lookup(name, { all: true }, (error) => resolve({ isAtOnce, isFound: error === null }))
  })
  isAtOnce = false
  return answer
}

test('a name is asked for once, one that is not found again each time', async () => {
  const lookup = createLookup()
  assert.deepEqual(await look(lookup, 'localhost'), { isAtOnce: false, isFound: true })
  assert.deepEqual(await look(lookup, 'localhost'), { isAtOnce: true, isFound: true })
  for (const _ of [1, 2]) {
    assert.deepEqual(await look(lookup, 'nowhere.invalid'), { isAtOnce: false, isFound: false })
  }
  assert.deepEqual(await look(createLookup(), 'localhost'), { isAtOnce: false, isFound: true })
})
