import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkDocs, regionOf } from '../../../scripts/check/docs.ts'
import { makeFolder, root, run } from '../project.ts'

const SOURCE = `#!/usr/bin/env node
  // #region start
  await start(cache)

    await more()
  // #endregion
`
const block = (from: string, text: string, language = 'ts') =>
  `<!-- from ${from} -->\n\`\`\`${language}\n${text}\n\`\`\`\n`

async function findingsIn(
  readme: string,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  await using folder = await makeFolder({
    'README.md': readme,
    'e2e/a.mts': SOURCE,
    'docs/waiting.md': '# How long?\n',
    ...files,
  })
  const { findings } = await checkDocs(folder.path)
  return findings.map(({ file, line, message }) => `${file}:${line}: ${message}`)
}

const REFUSED: Readonly<Record<string, readonly [readme: string, finding: string]>> = {
  'code that names no source': [
    '# x\n\n```ts\na()\n```\n',
    'README.md:3: has code that names no source: put <!-- from path#region --> above it',
  ],
  'code that differs': [
    block('e2e/a.mts#start', 'await start(cache)\n\n  await less()'),
    'README.md:2: differs from e2e/a.mts#start at its line 3',
  ],
  'code that stops early': [
    block('e2e/a.mts#start', 'await start(cache)'),
    'README.md:2: differs from e2e/a.mts#start at its line 2',
  ],
  'code that goes on': [
    block('e2e/a.mts#start', 'await start(cache)\n\n  await more()\nx()'),
    'README.md:2: differs from e2e/a.mts#start: it has more lines',
  ],
  'output that differs from its golden file': [
    block('docs/waiting.md', '# How short?', 'text'),
    'README.md:2: differs from docs/waiting.md at its line 1',
  ],
  'a source that is not there': [
    block('e2e/b.mts#start', ''),
    'README.md:2: is cut from e2e/b.mts, which does not exist',
  ],
  'a region that is not there': [
    block('e2e/a.mts#begin', ''),
    'README.md:2: is cut from e2e/a.mts#begin, but e2e/a.mts has no region of that name',
  ],
  'a dead link': ['see [waits](docs/waits.md)', 'README.md:1: links to docs/waits.md, which does not exist'],
  'a dead anchor': [
    '\n[waits](docs/waiting.md#how-short)',
    'README.md:2: links to docs/waiting.md#how-short, but there is no such heading',
  ],
  'a path that is not there': [
    'the loop is `src/wait/poll.ts`',
    'README.md:1: names src/wait/poll.ts, which does not exist',
  ],
}

for (const [title, [readme, finding]] of Object.entries(REFUSED)) {
  test(`refused: ${title}`, async () => assert.deepEqual(await findingsIn(readme), [finding]))
}

test('allowed: code cut from a region or a file, other languages, live links, paths, words that are no paths', async () => {
  const readme = [
    block('e2e/a.mts#start', 'await start(cache)\n\n  await more()'),
    block('e2e/a.mts', SOURCE.trimEnd()),
    '```sh\nmake test\n```',
    '[how](docs/waiting.md#how-long) [web](https://example.org/x) [here](#x) `e2e/a.mts` `docs/` `src/<folder>` `node:test`',
    '# x',
  ].join('\n')
  assert.deepEqual(await findingsIn(readme), [])
})

test('links are taken from where the document is', async () => {
  const found = await findingsIn('# x', {
    'docs/a.md': '[up](../README.md) [beside](waiting.md) [wrong](docs/waiting.md)',
  })
  assert.deepEqual(found, ['docs/a.md:1: links to docs/waiting.md, which does not exist'])
})

test('a region loses its indentation and its inner marks', () => {
  const text = '# #region all\n  a: 1\n  # #region part\n  b: 2\n  # #endregion\n# #endregion\n'
  assert.equal(regionOf(text, 'part'), 'b: 2')
  assert.equal(regionOf('// #region open\na()', 'open'), undefined)
})

test('as a command it exits 1 and names the place', async () => {
  await using folder = await makeFolder({ 'README.md': '```ts\na()\n```\n' })
  const { code, stdout } = await run([process.execPath, join(root, 'scripts', 'check_docs.mts'), folder.path])
  assert.equal(code, 1)
  assert.match(stdout, /^README\.md:1: has code .*\n1 found in 1 documents\n$/)
})
