import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { LOGS, renderAll } from './rendering.ts'

const GOLDEN = new URL('../../fixtures/events/golden/', import.meta.url)

for (const log of LOGS) {
  test(`what is told about the ${log} run is what it was; after a change on purpose: scripts/node test/report/render_golden.mts`, async () => {
    const rendered = await renderAll(log)
    assert.deepEqual([...rendered.keys()].sort(), (await readdir(new URL(`${log}/`, GOLDEN))).sort())
    for (const [name, text] of rendered) {
      assert.equal(text, await readFile(new URL(`${log}/${name}`, GOLDEN), 'utf8'), `${log}/${name}`)
    }
  })
}
