import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRows } from '../../../scripts/contract/rows.ts'
import { addSeenRed, readSeenRed, writeSeenRed } from '../../../scripts/contract/seen-red.ts'
import { UsageError } from '../../../src/error.ts'
import { root } from '../project.ts'

const LIST = `# what was seen

GUN-010  by hand: the worker was given a file that it cannot read  exporter_files › stop
GUN-129  fault requests_count_twice  exporter_files › metrics in files › counts every request of a load once
`

test('reads who broke what, and who noticed', () => {
  assert.deepEqual(readSeenRed(LIST), [
    {
      id: 'GUN-010',
      how: 'by hand: the worker was given a file that it cannot read',
      by: 'exporter_files › stop',
    },
    {
      id: 'GUN-129',
      how: 'fault requests_count_twice',
      by: 'exporter_files › metrics in files › counts every request of a load once',
    },
  ])
})

test('what is written is read again as it was', () => {
  const rows = readSeenRed(LIST)
  assert.deepEqual(readSeenRed(writeSeenRed(rows)), rows)
})

test('a line that is no row is named', () => {
  assert.throws(() => readSeenRed('GUN-129 somehow'), {
    name: UsageError.name,
    message: /^line 1 of the list of what was seen red is no row: GUN-129 somehow/,
  })
})

test('a row that was seen before stays as it is, a new one finds its place', () => {
  const known = readSeenRed(LIST)
  const added = addSeenRed(known, [
    { id: 'GUN-129', how: 'fault page_is_cut', by: 'another step' },
    { id: 'GUN-084', how: 'fault keys_never_expire', by: 'every key has the TTL' },
  ])
  assert.deepEqual(
    added.map(({ id, how }) => `${id} ${how}`),
    [
      'GUN-010 by hand: the worker was given a file that it cannot read',
      'GUN-084 fault keys_never_expire',
      'GUN-129 fault requests_count_twice',
    ],
  )
})

test('the list of this project names rows of its contract', () => {
  const read = (file: string) => readFileSync(join(root, 'e2e', file), 'utf8')
  const known = new Set(readRows(read('contract.txt')).map(({ id }) => id))
  const unknown = readSeenRed(read('seen-red.txt')).filter(({ id }) => !known.has(id))
  assert.deepEqual(unknown, [])
})
