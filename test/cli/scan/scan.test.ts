import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type Scanned, scanScenarios } from '../../../src/cli/scan/scan.ts'
import { root, runScript } from '../script.ts'

function only(text: string): Scanned {
  const [first, ...more] = scanScenarios(text)
  assert.ok(first !== undefined && more.length === 0, text)
  return first
}

describe('scenarios in the text of a script', () => {
  test('with literals, and constants of the same file', () => {
    assert.deepEqual(only(`\nawait scenario('a "b"', { tags: ['x', "y"], timeout: '2m' }, async () => {})`), {
      title: 'a "b"',
      tags: ['x', 'y'],
      requires: [],
      exclusive: [],
      line: 2,
      computed: false,
    })
    const text = `const tags = ['p0', 'slow'] as const
      const SUITE = 'Suite'
      const [a, b] = [1, 2]
      const one = scenario(\`\${SUITE}/first\`, { tags, requires: ['etcd'], exclusive: ['gpu'] }, act)`
    const { title, tags, requires, exclusive, computed, line } = only(text)
    assert.deepEqual([title, tags, requires, exclusive], ['Suite/first', ['p0', 'slow'], ['etcd'], ['gpu']])
    assert.deepEqual([computed, line], [false, 4])
    assert.equal(only("scenario('it\\'s \\u{1F600} caf\\xe9', act)").title, "it's 😀 café")
  })

  test('and what only the script itself knows is said to be computed', () => {
    const cases = [
      'scenario(title, act)',
      "scenario('a' + b, act)",
      'scenario(`of ${name}`, act)',
      "scenario('a', options, act)",
      "scenario('a', { ...common, tags: ['b'] }, act)",
      "scenario('a', { tags: make() }, act)",
      "scenario('a', { tags: [one, 'b'] }, act)",
      'scenario(names[0], act)',
    ]
    for (const text of cases) assert.equal(only(text).computed, true, text)
    assert.equal(only("scenario('a', { timeout: limit(1, { a: 2 }), tags: ['b'] }, act)").computed, false)
    assert.equal(only("scenario('a', async () => { f(1, 2) })").computed, false)
    assert.equal(only("scenario('a', act,)").computed, false)
  })

  test('not in comments, texts, patterns, templates, and where it is another word', () => {
    const text = `// scenario('comment', act)
      /* scenario('block', act) */
      const text = "scenario('text', act)"
      const template = \`scenario('template', \${fill(\`scenario('inner')\`)})\`
      const pattern = /scenario('pattern'[/"']/.test(x) ? 4 / 2 / 1 : y
      tale.scenario('method', act)
      function scenario(title) {}
      scenarios('plural', act)
      return /"/.test(z)
      scenario('the only one', act)`
    assert.equal(only(text).title, 'the only one')
  })

  test('of this project are those that its scripts tell themselves', async () => {
    const files = ['fixtures/scripts/*.mts', 'e2e/examples/*.mts', 'e2e/integration/*.mts'].flatMap(
      (pattern) =>
        globSync(pattern, { cwd: root }).filter(
          (file) =>
            !/exits|throws_before|wires|typo|misspells|skips_outside|throws_between|as_a_library/.test(file),
        ),
    )
    const told = await runScript('src/cli/main.mts', { args: ['run', ...files, '--list', '--workers', '2'] })
    assert.ok(files.length > 30)
    const shown = told.stdout.split('\n').flatMap((line) => /^ {2}.* (\S+:\d+)$/.exec(line)?.[1] ?? [])
    const scanned = files.flatMap((file) =>
      scanScenarios(readFileSync(join(root, file), 'utf8')).map((one) => ({ file, ...one })),
    )
    assert.deepEqual(
      scanned.filter(({ computed }) => computed),
      [],
    )
    const places = scanned.map(({ file, line }) => `${file}:${line}`)
    assert.deepEqual([...places].sort(), [...shown].sort())
    for (const { title = '' } of scanned) assert.ok(told.stdout.includes(title), title)
  })
})
