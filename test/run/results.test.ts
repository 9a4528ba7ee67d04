import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { PreflightError } from '../../src/error.ts'
import { openResults } from '../../src/run/results.ts'

const base = mkdtempSync(join(tmpdir(), 'shakedown-test-'))
after(() => rmSync(base, { recursive: true, force: true }))

const onBroken = (error: Error) => assert.fail(error)

test('two runs in the same second have two folders, and latest is the last', () => {
  const [one, other] = [openResults('quick', { base, onBroken }), openResults('quick', { base, onBroken })]
  assert.notEqual(one.folder, other.folder)
  assert.match(basename(one.folder), /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-quick/)
  assert.equal(readlinkSync(join(base, 'latest')), basename(other.folder))
  one.append({ time: 1, script: '', kind: 'note', text: 'hello', level: 'info' })
  one.close()
  other.close()
  const log = readFileSync(join(one.folder, 'events.ndjson'), 'utf8')
  assert.equal(log, '{"time":1,"script":"","kind":"note","text":"hello","level":"info"}\n')
})

test('a folder that cannot be made is a preflight error that says how to choose another', () => {
  assert.throws(
    () => openResults('quick', { base: '/dev/null/x', onBroken }),
    (error) => error instanceof PreflightError && /--results DIR/.test(error.message),
  )
})

test('a log that cannot be written any more is told once', () => {
  const told: string[] = []
  const results = openResults('quick', { base, onBroken: (error) => told.push(error.message) })
  results.close()
  for (let times = 0; times < 3; times += 1)
    results.append({ time: 1, script: '', kind: 'note', text: 'hello', level: 'info' })
  assert.equal(told.length, 1)
})
