import '../own-state.ts'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { readOffspring } from '../../../src/service/process/offspring.ts'
import { createProgram } from '../../../src/service/program.ts'
import { start } from '../../../src/service/start.ts'
import { saying } from '../programs.ts'

const LOOKS = 3000
const skip = existsSync(`/proc/${process.pid}/task/${process.pid}/children`)
  ? false
  : 'no lists of children here'

test('threads that end meanwhile hide no child', { skip }, async () => {
  await using churning = createProgram(saying('churns_threads.mjs'))
  await start(churning)
  const [pid = 0] = readOffspring(process.pid)?.filter((one) => (readOffspring(one) ?? []).length > 0) ?? []
  for (let look = 0; look < LOOKS; look += 1) assert.equal(readOffspring(pid)?.length, 1, `look ${look}`)
})
