import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { findComponent } from '../../src/run/find.ts'
import { makeFolder, root, run } from '../scripts/project.ts'

const hasRedis = 'path' in findComponent('redis-server')

for (const name of ['first_look', 'waiting', 'metrics', 'redis', 'findings', 'exclusive', 'from_bash']) {
  const missing =
    (name === 'redis' || name === 'from_bash') && !hasRedis ? 'redis-server is not installed' : false
  test(`the example ${name} is green`, { skip: missing }, async () => {
    const { code, stdout, stderr } = await runExample(name)
    assert.equal(code, 0, stdout + stderr)
  })
}

test('the example that fails prints what the README shows', async () => {
  const { code, stdout } = await runExample('fails')
  assert.equal(code, 1, stdout)
  const shown = await readFile(join(root, 'e2e/examples/fails.txt'), 'utf8')
  const printed = stdout.split('\n').map((line) => line.replace(/^ {4}/, ''))
  const start = printed.indexOf('metric did not rise: shop_sales_total')
  const length = shown.trimEnd().split('\n').length
  assert.deepEqual(settle(printed.slice(start, start + length)), settle(shown.trimEnd().split('\n')))
})

async function runExample(name: string) {
  const folder = name === 'first_look' ? 'integration' : 'examples'
  await using results = await makeFolder()
  const file = join(root, 'e2e', folder, `${name}.mts`)
  return run([process.execPath, file, '--quick', '--results', results.path], { cwd: root })
}

/** How long it took, and how often it was looked, is of the machine. */
function settle(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/^( +waited +)\S+, \d+ reads: 96 ×\d+$/, '$1<time and looks>'))
}
