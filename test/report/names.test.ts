import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNames } from '../../src/report/names.ts'

test('what all scripts are called is left out of their names, whole words only', () => {
  const namesOf = (...files: readonly string[]) => {
    const names = createNames()
    names.add(files)
    return names.all
  }
  assert.deepEqual(namesOf('e2e/exporter_redis.mts', 'e2e/exporter_files.mts'), ['redis', 'files'])
  assert.deepEqual(namesOf('e2e/red.mts', 'e2e/redis.mts'), ['red', 'redis'])
  assert.deepEqual(namesOf('e2e/a-b.mts', 'e2e/a-b-c.mts'), ['b', 'b-c'])
  assert.deepEqual(namesOf('e2e/a_.mts', 'e2e/a_b.mts'), ['a_', 'a_b'])
  assert.deepEqual(namesOf('e2e/exporter_redis.mts'), ['exporter_redis'])
})

test('scripts of one name are told apart by their folders', () => {
  const names = createNames()
  names.add(['e2e/docker/redis.mts', 'e2e/integration/redis.mts', 'e2e\\integration\\files.mts'])
  assert.deepEqual(names.all, ['docker/redis', 'integration/redis', 'files'])
  assert.equal(names.nameOf('e2e/other.mts'), 'other')
})
