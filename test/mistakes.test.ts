import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { root } from './cli/script.ts'

// fixtures/mistakes: what must not compile, and what must. UPDATE=1 writes what the compiler says anew.

const mistakes = join(root, 'fixtures', 'mistakes')
mkdirSync(join(root, 'results'), { recursive: true })
const folder = mkdtempSync(join(root, 'results', '.mistakes-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** What the compiler prints about a folder with a tsconfig.json. */
function compile(project: string): Promise<string> {
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [tsc, '-p', project, '--pretty', 'false'],
      { cwd: root },
      (_, stdout, stderr) => resolve(stdout + stderr),
    )
  })
}

test('every mistake is one, and what is right compiles', async () => {
  assert.equal(await compile(mistakes), '')
})

test('the compiler says of each what is wrong, in words that can be read', async () => {
  const lines = readFileSync(join(mistakes, 'mistakes.ts'), 'utf8').split('\n')
  const bare = lines.map((line) => line.replace('// @ts-expect-error', '// mistake:'))
  writeFileSync(join(folder, 'mistakes.ts'), bare.join('\n'))
  const config = { extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const told = messagesOf(await compile(folder), lines)
  const expected = join(mistakes, 'messages.txt')
  if (process.env['UPDATE'] === '1') writeFileSync(expected, told)
  assert.equal(told, readFileSync(expected, 'utf8'))
})

/** The messages, each below the sentence that says what the mistake is; the first line of each, without its place. */
function messagesOf(output: string, lines: readonly string[]): string {
  const found = output.matchAll(/mistakes\.ts\((\d+),\d+\): error (TS\d+: .*)/g)
  const told = [...found].map(([, line, message]) => ({ why: whyAt(lines, Number(line)), message }))
  const names = [...new Set(told.map(({ why }) => why))]
  return names
    .map((name) => [name, ...told.filter(({ why }) => why === name).map(({ message }) => `  ${message}`)])
    .map((block) => `${block.join('\n')}\n`)
    .join('')
}

/** The sentence above a line, of which a mistake may have several. */
function whyAt(lines: readonly string[], line: number): string {
  const above = lines.slice(0, line).findLast((text) => text.startsWith('// @ts-expect-error'))
  return above?.replace('// @ts-expect-error ', '') ?? `line ${line}`
}
