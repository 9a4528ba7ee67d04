import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkBoundaries, readRules } from '../../../scripts/check/boundaries.ts'
import { makeFolder, root, run } from '../project.ts'

const ARCHITECTURE = await readFile(join(root, 'ARCHITECTURE.md'), 'utf8')

async function findingsIn(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  await using folder = await makeFolder({ 'ARCHITECTURE.md': ARCHITECTURE, ...files })
  const { findings } = await checkBoundaries(folder.path)
  return findings.map(({ file, line, message }) => `${file}:${line}: ${message}`)
}

const REFUSED: Readonly<Record<string, readonly [file: string, text: string, message: RegExp]>> = {
  'domain folders never import each other': [
    'src/metrics/a.ts',
    "import { b } from '../redis/b.ts'",
    /folders of the layer domain never import each other/,
  ],
  'not even types': ['src/metrics/a.ts', "import type { B } from '../redis/b.ts'", /never import each other/],
  'nor through import()': [
    'src/metrics/a.ts',
    "const b = await import('../redis/b.ts')",
    /never import each other/,
  ],
  'nor through require()': [
    'src/metrics/a.ts',
    "const { b } = require('../redis/b.ts')",
    /never import each other/,
  ],
  'nor in a type': ['src/metrics/a.ts', "type B = import('../redis/b.ts').B", /never import each other/],
  'nor by handing on': ['src/metrics/a.ts', "export { b } from '../redis/b.ts'", /never import each other/],
  'a report knows no story': [
    'src/report/a.ts',
    "import { b } from '../scenario/b.ts'",
    /telling may not import the layer stories/,
  ],
  'nor run, but for its data': [
    'src/report/a.ts',
    "import { b } from '../run/plan.ts'",
    /telling may not import the layer stories/,
  ],
  'a story knows no report': [
    'src/run/a.ts',
    "import { b } from '../report/b.ts'",
    /stories may not import the layer telling/,
  ],
  'ground knows nothing above': [
    'src/wait/a.ts',
    "import { b } from '../service/b.ts'",
    /ground may not import the layer domain/,
  ],
  'a file in src counts as ground': [
    'src/a.ts',
    "import { b } from './services/b.ts'",
    /ground may not import the layer catalogue/,
  ],
  'the catalogue knows no story': [
    'src/services/a.ts',
    "import { b } from '../scenario/b.ts'",
    /catalogue may not import the layer stories/,
  ],
  'a folder in no row': ['src/magic/a.ts', '', /is in no layer/],
  'out of src': ['src/wait/a.ts', "import { b } from '../../scripts/b.ts'", /outside of src/],
  'a heavy package elsewhere': [
    'src/service/a.ts',
    "import type { R } from 'ioredis'",
    /the package ioredis, which only redis\/ may/,
  ],
  'a heavy package at once': [
    'src/redis/a.ts',
    "import { Redis } from 'ioredis'",
    /at once: use await import\('ioredis'\)/,
  ],
  'an unknown package': [
    'src/redis/a.ts',
    "import type { x } from 'left-pad'",
    /left-pad, which the table in ARCHITECTURE.md does not know/,
  ],
}

for (const [title, [file, text, message]] of Object.entries(REFUSED)) {
  test(`refused: ${title}`, async () => {
    const [finding = 'nothing', ...more] = await findingsIn({ [file]: text })
    assert.match(finding, message)
    assert.ok(finding.startsWith(`${file}:1: `))
    assert.deepEqual(more, [])
  })
}

test('allowed: downward, beside, inside a folder, Node itself, and a package lazily in its place', async () => {
  const files = {
    'src/services/a.ts':
      "import { b } from '../metrics/b.ts'\nimport { c } from '../wait/c.ts'\nimport '../run/find.ts'",
    'src/scenario/a.ts': "import { b } from '../run/b.ts'\nimport { c } from './c.ts'",
    'src/redis/a.ts':
      "import type { R } from 'ioredis'\nconst { Redis } = await import('ioredis')\nimport { join } from 'node:path'",
    'src/report/page/browser/a.ts': "import uPlot from 'uplot'",
    'src/cli/a.mts': "import { b } from '../report/b.ts'\nimport { c } from '../scenario/c.ts'",
  }
  assert.deepEqual(await findingsIn(files), [])
})

test('a document without the table, or with a layer that is none, is an error', () => {
  assert.throws(
    () => readRules('# nothing'),
    /no table with the columns layer, folders and files, may import/,
  )
  assert.throws(
    () => readRules(ARCHITECTURE.replace('| domain, ground |', '| domains, ground |')),
    /domains, which is no layer/,
  )
})

test('as a command it exits 1 and names the place', async () => {
  await using folder = await makeFolder({
    'ARCHITECTURE.md': ARCHITECTURE,
    'src/wait/a.ts': "\nimport '../run/b.ts'\n",
  })
  const { code, stdout } = await run([
    process.execPath,
    join(root, 'scripts', 'check_boundaries.mts'),
    folder.path,
  ])
  assert.equal(code, 1)
  assert.match(stdout, /^src\/wait\/a\.ts:2: imports \.\.\/run\/b\.ts: .*\n1 found in 1 files\n$/)
})

test('a check that looked at nothing fails', async () => {
  await using folder = await makeFolder({ 'ARCHITECTURE.md': ARCHITECTURE })
  const { code } = await run([process.execPath, join(root, 'scripts', 'check_boundaries.mts'), folder.path])
  assert.equal(code, 1)
})
