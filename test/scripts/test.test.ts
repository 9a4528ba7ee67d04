import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder, root, run } from './project.ts'

const GREEN =
  "import { test } from 'node:test'\ntest('one', () => {})\ntest('two', async (t) => { await t.test('inner', () => {}) })\n"
const RED =
  "import { test, suite } from 'node:test'\nsuite('all', () => { test('bad', () => { throw new Error('broken') }); test('good', () => {}) })\n"
const SKIPPED =
  "import { test } from 'node:test'\ntest('one', () => {})\ntest('other', { skip: 'no docker here' }, () => {})\n"

async function runTests(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  await using folder = await makeFolder(files)
  const { code, stdout, stderr } = await run([
    process.execPath,
    join(root, 'scripts', 'test.mts'),
    '--in',
    folder.path,
    ...args,
  ])
  return { code, stdout, stderr, last: stdout.trimEnd().split('\n').at(-1) }
}

test('green: the totals are the last line, alone', async () => {
  const { code, last } = await runTests({ 'test/a.test.ts': GREEN, 'test/b/c.test.ts': GREEN })
  assert.deepEqual([code, last], [0, '6 passed, 0 failed, 0 skipped'])
})

test('red: a failure is told with its story, counted once, and decides the exit code', async () => {
  const { code, last, stdout } = await runTests({ 'test/a.test.ts': GREEN, 'test/b.test.ts': RED })
  assert.deepEqual([code, last], [1, '4 passed, 1 failed, 0 skipped'])
  assert.match(stdout, /FAILED test\/b\.test\.ts.*\n +bad \(line 2\)\n +Error: broken\n +at .*b\.test\.ts:2/)
  assert.match(stdout, /\nfailed: test\/b\.test\.ts\n/)
})

test('skips are listed with their reasons', async () => {
  const { code, last, stdout } = await runTests({ 'test/a.test.ts': SKIPPED })
  assert.deepEqual([code, last], [0, '1 passed, 0 failed, 1 skipped'])
  assert.match(stdout, /\nskipped:\n {2}test\/a\.test\.ts: other: no docker here\n/)
})

test('a file in which no test ran is a failure', async () => {
  const { code, last, stdout } = await runTests({
    'test/a.test.ts': GREEN,
    'test/b.test.ts': 'console.log("hello")',
  })
  assert.deepEqual([code, last], [1, '3 passed, 1 failed, 0 skipped'])
  assert.match(stdout, /FAILED test\/b\.test\.ts.*\n +no test ran\n +output:\n +hello/)
})

test('no test at all is a failure', async () => {
  const { code, stdout } = await runTests({ 'a.ts': '' })
  assert.equal(code, 1)
  assert.match(stdout, /no test ran/)
})

test('a file that does not load is a failure that shows why', async () => {
  const { code, stdout } = await runTests({ 'test/a.test.ts': "import './nowhere.ts'" })
  assert.equal(code, 1)
  assert.match(stdout, /it failed outside of its tests[\s\S]*Cannot find module .*nowhere\.ts/)
})

test('a file that does not end is ended, and is a failure', async () => {
  const hanging = `${GREEN}test('late', () => { setInterval(() => {}, 1000); return new Promise(() => {}) })\n`
  const { code, last, stdout } = await runTests({ 'test/a.test.ts': hanging }, '--within', '5s')
  assert.deepEqual([code, last], [1, '3 passed, 1 failed, 0 skipped'])
  assert.match(stdout, /it did not end within 5s: a test hangs, or something it opened is still open/)
})

test('a name chooses files, a pattern chooses tests; a name that fits none is a mistake', async () => {
  const files = { 'test/a.test.ts': GREEN, 'test/b.test.ts': RED }
  assert.equal((await runTests(files, 'a.test')).last, '3 passed, 0 failed, 0 skipped')
  assert.equal((await runTests(files, '--name', 'good')).last, '1 passed, 0 failed, 0 skipped')
  const wrong = await runTests(files, 'zebra')
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /no test file has zebra in its path/)
})
