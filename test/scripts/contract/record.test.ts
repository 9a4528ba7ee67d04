import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readReds } from '../../../scripts/contract/record.ts'
import { readSeenRed, writeSeenRed } from '../../../scripts/contract/seen-red.ts'
import { UsageError } from '../../../src/error.ts'
import { runScript, type Told } from '../../cli/script.ts'
import { makeFolder } from '../project.ts'

const SCRIPT = 'fixtures/doubt/proves.mts'

test('keeps the steps that noticed a falsified reading, and no step that did not', async () => {
  const rows = await readReds(folderOf(await runScript(SCRIPT, { args: ['--quick', '--doubt'] })))
  assert.deepEqual(
    rows.map(({ id, how, by }) => [id, how, by]),
    [
      ['KIT-02', 'doubt shop_memory_bytes is zero', 'proves › promises › in passing'],
      ['KIT-03', 'doubt shop_memory_bytes is zero', 'proves › promises › in passing'],
      [
        'KIT-04',
        'doubt GET / of shop.url is answered with another status and nothing in it',
        'proves › promises › alone',
      ],
    ],
  )
  assert.deepEqual(readSeenRed(writeSeenRed(rows)), rows)
})

test('keeps the step that failed in a run that was broken on purpose, and wants to know how', async () => {
  const folder = folderOf(await runScript(SCRIPT, { args: ['--quick'], env: { SHOP: 'closed' } }))
  assert.deepEqual(await readReds(folder, 'nobody  sells coffee'), [
    { id: 'KIT-05', how: 'by hand: nobody sells coffee', by: 'proves › promises › broken' },
  ])
  await assert.rejects(readReds(folder), {
    name: UsageError.name,
    message: /something failed in .*, and nobody says why/,
  })
})

test('keeps the tests that failed, of those that the project ran', async () => {
  const tests = {
    'test/shop.test.ts': [
      { ids: ['KIT-01', 'KIT-02'], test: 'sells tea', outcome: 'failed' },
      { ids: ['KIT-03'], test: 'is open', outcome: 'passed' },
      { ids: ['KIT-04'], test: 'is near', outcome: 'skipped', reason: 'no map' },
    ],
  }
  await using folder = await makeFolder({ 'tests.json': JSON.stringify(tests) })
  const how = 'by hand: the shop was closed'
  const by = 'test/shop.test.ts: sells tea'
  assert.deepEqual(await readReds(join(folder.path, 'tests.json'), 'the shop was closed'), [
    { id: 'KIT-01', how, by },
    { id: 'KIT-02', how, by },
  ])
})

test('a folder without results is named', async () => {
  await using folder = await makeFolder()
  await assert.rejects(readReds(folder.path), { name: UsageError.name, message: /no results in / })
})

function folderOf({ events, stdout, stderr }: Told): string {
  const start = events.find(({ kind }) => kind === 'run:start')
  assert.ok(start?.kind === 'run:start', stdout + stderr)
  return start.run
}
