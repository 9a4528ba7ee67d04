import assert from 'node:assert/strict'
import { cp, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeFolder, root, writeIn } from '../scripts/project.ts'
import { type Packed, packProject, typeIn } from './packed.ts'

// The packed tarball inside of other test runners. They are installed for the time of the test only: none is a dependency.

interface Runner {
  readonly file: string
  readonly packages: readonly string[]
  readonly command: readonly string[]
  /** What is printed when both tests pass. */
  readonly green: RegExp
}

const RUNNERS: Readonly<Record<string, Runner>> = {
  'node:test': {
    file: 'node_test/counts.test.mjs',
    packages: [],
    command: ['node', '--test', '--test-reporter=spec'],
    green: /pass 2/,
  },
  vitest: {
    file: 'vitest/counts.test.mjs',
    packages: ['vitest@5'],
    command: ['npx', 'vitest', 'run', '--testTimeout=60000'],
    green: /2 passed/,
  },
  Playwright: {
    file: 'playwright/counts.spec.mjs',
    packages: ['@playwright/test@1'],
    command: ['npx', 'playwright', 'test', '--timeout=60000', '--reporter=line'],
    green: /2 passed/,
  },
}

let packed: Packed

before(async () => {
  packed = await packProject()
})

after(async () => {
  await packed?.[Symbol.asyncDispose]()
})

describe('shakedown in', () => {
  for (const [name, { file, packages, command, green }] of Object.entries(RUNNERS)) {
    test(name, async (context) => {
      await using folder = await makeFolder({ 'package.json': '{ "type": "module", "private": true }' })
      const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']
      const installed = await typeIn(folder, 'npm', 'install', ...flags, packed.tarball, ...packages)
      if (installed.code !== 0 && /E404|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETARGET/.test(installed.stderr))
        return context.skip(`npm could not get ${packages.join(' ')}`)
      assert.equal(installed.code, 0, installed.stderr)
      const own = join(folder.path, basename(file))
      await cp(join(root, 'e2e', 'integration', 'runners', file), own)
      const passed = await typeIn(folder, ...command)
      assert.equal(passed.code, 0, passed.stdout + passed.stderr)
      assert.match(passed.stdout, green)

      const broken = (await readFile(own, 'utf8')).replaceAll('served: 1', 'served: 0')
      await writeIn(folder.path, basename(file), broken)
      const failed = await typeIn(folder, ...command)
      assert.equal(failed.code, 1, failed.stdout)
      const told = failed.stdout + failed.stderr
      // Both: the claim by itself, and the scenario whose step it is in.
      assert.ok((told.match(/served: 0/g) ?? []).length >= 2, told)
      assert.match(told, /a server counts/)
      assert.match(told, /and begins anew after it was killed/)
      assert.doesNotMatch(told, /(1|one) passed|pass 1/)
    })
  }
})
