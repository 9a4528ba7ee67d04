import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldersOf, readExcerpt } from '../../../src/report/page/source.ts'
import { makeFolder } from '../../scripts/project.ts'

const TEXT = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join('\n')

test('the lines around the one that failed, with their numbers', async () => {
  await using folder = await makeFolder({ 'e2e/a.mts': TEXT })
  const excerpt = await readExcerpt('e2e/a.mts:10', [folder.path])
  assert.deepEqual([excerpt?.file, excerpt?.line], ['e2e/a.mts', 10])
  assert.deepEqual(
    excerpt?.lines.map(({ number }) => number),
    [5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
  )
  assert.equal(excerpt?.lines[5]?.text, 'line 10')
  assert.equal((await readExcerpt('e2e/a.mts:1', [folder.path]))?.lines[0]?.number, 1)
})

test('a file that is gone, a line that it no longer has, and no place at all give nothing', async () => {
  await using folder = await makeFolder({ 'a.mts': TEXT })
  for (const at of ['b.mts:1', 'a.mts:99', 'a.mts', undefined])
    assert.equal(await readExcerpt(at, [folder.path]), undefined)
})

test('files are also looked for above the program of the run, for a report that is made from elsewhere', async () => {
  await using folder = await makeFolder({ 'project/e2e/a.mts': TEXT })
  const folders = foldersOf(['node', `${folder.path}/project/e2e/a.mts`])
  assert.equal((await readExcerpt('e2e/a.mts:10', folders))?.line, 10)
})

test('a secret that the script has written out is not shown', async () => {
  const text = "const key = secret('hunter-2-hunter')\nexpect('hunter-2-hunter').toBe(1)"
  await using folder = await makeFolder({ 'a.mts': text })
  const lines = (await readExcerpt('a.mts:2', [folder.path]))?.lines.map((line) => line.text)
  assert.deepEqual(lines, ["const key = secret('[secret]')", "expect('[secret]').toBe(1)"])
})
