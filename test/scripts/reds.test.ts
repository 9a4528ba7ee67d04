import assert from 'node:assert/strict'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRows } from '../../scripts/contract/rows.ts'
import { readBreaks } from '../../scripts/reds/breaks.ts'
import { makeFolder, root, run, writeIn } from './project.ts'

const skip = process.platform === 'win32' ? 'needs a shell' : false
const SUM = 'export const add = (one, other) => one + other\n'
const TEST = `
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { add } from '../src/sum.mjs'
test('adds up (GUN-001)', () => assert.equal(add(1, 2), 3))
test('is a function (GUN-002)', () => assert.equal(typeof add, 'function'))
`
const BREAKS = `
- { rows: GUN-001, broken: it subtracts, in: src/sum.mjs, from: one + other, to: one - other, test: test/sum.test.ts, name: adds up, says: -1 !== 3 }
- { rows: GUN-002, broken: it multiplies, in: src/sum.mjs, from: one + other, to: one * other, test: test/sum.test.ts, name: is a function, says: function }
- { rows: GUN-003, broken: it is text, do: echo 'export const add = 7' > src/sum.mjs, test: test/sum.test.ts, name: adds up, says: not a function }
- { rows: GUN-002, broken: it divides, in: src/sum.mjs, from: one / other, to: one, test: test/sum.test.ts, name: is a function, says: function }
`

test('says which tests notice what is broken, which do not, and changes nothing but the list', {
  skip,
}, async () => {
  await using project = await makeFolder({
    'src/sum.mjs': SUM,
    'test/sum.test.ts': TEST,
    'e2e/breaks.yml': BREAKS,
    'e2e/seen-red.txt': 'GUN-009  by hand: it was unplugged  the test\n',
    'package-lock.json': '{}',
    '.gitignore': 'results/\n',
  })
  const own = `#!/bin/sh\nexec '${root}/scripts/test.mts' --in . "$@"\n`
  await chmod(await writeIn(project.path, 'scripts/test.mts', own), 0o755)
  const commit = 'git init -q && git add -A && git -c user.name=a -c user.email=a@b commit -qm one'
  await run(['sh', '-c', commit], { cwd: project.path })
  const reds = [join(root, 'scripts', 'reds.mts'), '--in', project.path]
  const { code, stdout, stderr } = await run(reds)
  assert.equal(code, 1, stderr)
  assert.deepEqual(stdout.match(/^(red|green|other|stale) .*$/gm), [
    'red    GUN-001  it subtracts',
    'green  GUN-002  it multiplies',
    'other  GUN-003  it is text',
    'stale  GUN-002  it divides',
  ])
  assert.match(stdout, /src\/sum\.mjs has it 0 times: one \/ other/)
  assert.match(stdout, /^4 things broken, 1 noticed for that reason$/m)
  const list = await readFile(join(project.path, 'e2e/seen-red.txt'), 'utf8')
  assert.deepEqual(list.trim().split('\n').slice(-2), [
    'GUN-001  break: it subtracts  test/sum.test.ts: adds up (GUN-001): -1 !== 3',
    'GUN-009  by hand: it was unplugged  the test',
  ])
  assert.equal(await readFile(join(project.path, 'src/sum.mjs'), 'utf8'), SUM)
  assert.equal((await run([...reds, 'subtract', 'adds up'])).code, 1, 'one of them is another failure')
  assert.equal((await run([...reds, 'GUN-001'])).code, 0)
  assert.match((await run([...reds, 'GUN-404'])).stderr, /nothing that is broken has GUN-404 in it/)
})

test('the list fits the code: each text that is to be replaced is in its file, once', async () => {
  for (const { broken, change } of await readBreaks(join(root, 'e2e/breaks.yml'))) {
    if (typeof change === 'string') continue
    const parts = (await readFile(join(root, change.file), 'utf8')).split(change.from)
    assert.equal(parts.length, 2, `${broken}: ${change.file} has it ${parts.length - 1} times`)
  }
})

test('the list is complete: rows that there are, and for each a reason that its test must give', async () => {
  const known = readRows(await readFile(join(root, 'e2e/contract.txt'), 'utf8')).map(({ id }) => id)
  const breaks = await readBreaks(join(root, 'e2e/breaks.yml'))
  assert.ok(breaks.length > 80)
  assert.deepEqual(
    breaks.flatMap(({ rows }) => rows.filter((row) => !known.includes(row))),
    [],
  )
  await using folder = await makeFolder({
    'breaks.yml': '- { rows: GUN-001, broken: it, do: rm x, test: t }',
  })
  await assert.rejects(
    readBreaks(join(folder.path, 'breaks.yml')),
    /entry 1 of .*breaks\.yml lacks says\n {2}last {6}it/,
  )
})
