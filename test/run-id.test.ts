import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { markIn, RUN_VARIABLE, runId, runMark } from '../src/run-id.ts'

const MODULE = new URL('../src/run-id.ts', import.meta.url).href

test('a run has an id of 128 bits, another one in each process', () => {
  assert.match(runId, /^[0-9a-f]{32}$/)
  assert.notEqual(markOf({ [RUN_VARIABLE]: undefined }), runMark)
})

test('a run inside of another appends its own', () => {
  const outer = 'a'.repeat(32)
  const ids = markIn(markOf({ [RUN_VARIABLE]: outer }))
  assert.equal(ids.length, 2)
  assert.equal(ids[0], outer)
})

test('what is no id is left out', () => {
  assert.deepEqual(markIn(undefined), [])
  assert.deepEqual(markIn(`x:${'b'.repeat(32)}::${'C'.repeat(32)}`), ['b'.repeat(32)])
})

function markOf(env: NodeJS.ProcessEnv): string {
  const script = `process.stdout.write((await import(${JSON.stringify(MODULE)})).runMark)`
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
}
