import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { FAULTS } from '../../../fixtures/faults/telemetry/table.ts'
import { root } from '../project.ts'

const read = (file: string) => readFileSync(join(root, file), 'utf8')

test('each fault of the pipeline breaks something that is there, and names the scenario that should notice', () => {
  for (const [name, { file, from, to, where }] of Object.entries(FAULTS)) {
    assert.ok(read(`fixtures/systems/telemetry/${file}`).includes(from), `${name}: ${file} has no ${from}`)
    assert.notEqual(from, to, name)
    const [script, scenario] = where
    const text = read(`e2e/integration/telemetry/${script}.mts`)
    assert.ok(text.includes(scenario), `${name}: ${script} has no scenario ${scenario}`)
  }
})
