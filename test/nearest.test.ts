import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didYouMean, nearest } from '../src/nearest.ts'

test('the nearest name is the one with the fewest edits', () => {
  assert.equal(nearest('quik', ['full', 'quick', 'ci']), 'quick')
  assert.equal(nearest('fulll', ['full', 'quick', 'ci']), 'full')
  assert.equal(nearest('QUICK', ['full', 'quick']), 'quick')
  assert.equal(nearest('--tga', ['--tag', '--all']), '--tag')
})

test('a name that is like none is near to none', () => {
  assert.equal(nearest('elephant', ['full', 'quick']), undefined)
  assert.equal(nearest('x', []), undefined)
  assert.equal(didYouMean('elephant', ['full', 'quick']), 'known are: full, quick')
})

test('a part of a name is near to it', () => {
  assert.equal(nearest('redis', ['metrics in redis and files', 'other']), 'metrics in redis and files')
  assert.equal(didYouMean('redis-server', ['redis']), 'did you mean redis?')
})
