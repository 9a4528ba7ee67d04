import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fixture, root, runScript } from './script.ts'
import { tellOutcome } from './telling.ts'

// Each script of fixtures/scripts beside the exact outcome that it must have. A script says in a comment with what it is
// run: `// flags: --ci`. UPDATE=1 writes the outcomes anew: read the difference before it is committed.

const folder = join(root, 'fixtures', 'scripts')
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.mts'))
  .map((name) => name.replace('.mts', ''))

describe('the outcome of', { concurrency: 2 }, () => {
  for (const name of names) {
    test(name, async () => {
      const flags = /^\/\/ flags: (.*)$/m.exec(readFileSync(join(folder, `${name}.mts`), 'utf8'))?.[1]
      const told = tellOutcome(await runScript(fixture(name), { args: flags?.split(' ') ?? [] }))
      const expected = join(folder, `${name}.txt`)
      if (process.env['UPDATE'] === '1') writeFileSync(expected, told)
      assert.ok(existsSync(expected), `no expected outcome beside ${name}.mts: run with UPDATE=1\n${told}`)
      assert.equal(told, readFileSync(expected, 'utf8'))
    })
  }
})

test('there is no outcome without its script', () => {
  const texts = readdirSync(folder).filter((name) => name.endsWith('.txt'))
  assert.deepEqual(
    texts.filter((name) => !names.includes(name.replace('.txt', ''))),
    [],
  )
})
