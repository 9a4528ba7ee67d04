import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { FAULTS, FEW } from '../../../scripts/mutants/faults.ts'
import { describeFault, FAULTS_FOLDER } from '../../../scripts/mutants/injection.ts'

test('each fault has one name, and says what a user sees', () => {
  const names = FAULTS.map(({ name }) => name)
  assert.deepEqual([...new Set(names)], names)
  for (const fault of FAULTS) assert.match(describeFault(fault), /^[A-Za-z`].+[.:]/, fault.name)
})

test('each file of a fault is tried', () => {
  const files = readdirSync(FAULTS_FOLDER).filter((file) => file.endsWith('.py'))
  const named = FAULTS.filter(({ way }) => way !== 'variable').map(({ name }) => `${name}.py`)
  assert.deepEqual(files.sort(), named.sort())
})

test('the ten that CI tries are there', () => {
  assert.equal(FEW.length, 10)
  for (const name of FEW)
    assert.ok(
      FAULTS.some((fault) => fault.name === name),
      name,
    )
})
