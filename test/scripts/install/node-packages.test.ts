import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findPackageProblem } from '../../../scripts/install/node-packages.ts'
import { makeFolder } from '../project.ts'

const LOCK = {
  '': { name: 'x' },
  'scripts/runtime': { version: '0.0.0' },
  'node_modules/runtime': { link: true },
  'node_modules/zx': { version: '8.8.5' },
  'node_modules/of-another-platform': { version: '1.0.0', optional: true },
}

async function problemOf(installed: Readonly<Record<string, object>>) {
  await using folder = await makeFolder({
    'package-lock.json': JSON.stringify({ packages: LOCK }),
    'node_modules/.package-lock.json': JSON.stringify({ packages: installed }),
  })
  return findPackageProblem(folder.path)
}

test('agrees without the packages of other platforms', async () => {
  assert.equal(await problemOf({ 'node_modules/zx': { version: '8.8.5' } }), undefined)
})

test('names the package that is missing, or of another version', async () => {
  assert.equal(await problemOf({}), 'zx 8.8.5 is missing')
  assert.equal(await problemOf({ 'node_modules/zx': { version: '8.8.4' } }), 'zx 8.8.5 is missing')
})
