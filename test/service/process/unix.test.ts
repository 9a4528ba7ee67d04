// The whole contract once more with what macOS has: no /proc, no birthmarks, nobody who tells who listens.
import '../own-state.ts'
import './as-unix.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processDriver } from '../../../src/service/process/driver.ts'
import { system } from '../../../src/service/process/system.ts'
import { createProgram } from '../../../src/service/program.ts'
import { start } from '../../../src/service/start.ts'
import { checkDriver } from '../contract.ts'
import { saying } from '../programs.ts'
import { pidsOf, until } from '../until.ts'

const skip = process.platform === 'win32' ? 'there is no ps' : false

test('the system is the one that is meant', { skip }, () => {
  assert.equal(system.name, 'unix')
})

test('who left group and parent is found by the environment', { skip }, async () => {
  const program = createProgram(saying('double_forks.sh', '71130'))
  await start(program)
  await until('they have left', () => pidsOf('sleep 71130').length >= 3)
  await program[Symbol.asyncDispose]()
  assert.deepEqual(pidsOf('sleep 71130'), [])
})

// The ps of Linux counts processor time in whole seconds, that of macOS in hundredths: here it tells nothing of a test.
const capabilities = new Set([...processDriver.capabilities].filter((one) => one !== 'usage'))
if (skip === false) checkDriver({ ...processDriver, capabilities })
