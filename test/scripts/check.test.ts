import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { copyProject, run, writeIn } from './project.ts'

test('one red check makes the whole red, with its story; the others are still run', async () => {
  await using project = await copyProject()
  await writeIn(project.path, 'src/metrics/wrong.ts', "import '../redis/keys.ts'\n")
  const command = [process.execPath, join(project.path, 'scripts', 'check.mts'), 'boundaries', 'sleeps']
  const { code, stdout } = await run(command)
  assert.equal(code, 1)
  assert.match(stdout, /FAILED boundaries .*\n +src\/metrics\/wrong\.ts:1: .* never import each other/)
  assert.match(stdout, /^ok {5}sleeps/m)
  assert.match(stdout, /\n1 of 2 checks failed\n$/)
})

test('all green is green', async () => {
  await using project = await copyProject()
  const { code, stdout } = await run([
    process.execPath,
    join(project.path, 'scripts', 'check.mts'),
    'boundaries',
  ])
  assert.deepEqual([code, stdout.split('\n').at(-2)], [0, '1 checks passed'])
})

test('an unknown check is a mistake that names the nearest', async () => {
  await using project = await copyProject()
  const { code, stderr } = await run([process.execPath, join(project.path, 'scripts', 'check.mts'), 'slepps'])
  assert.deepEqual([code, stderr], [2, 'unknown check: slepps\n  hint      did you mean sleeps?\n'])
})
