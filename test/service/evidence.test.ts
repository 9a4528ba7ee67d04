import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Failure } from '../../src/error.ts'
import { gatherEvidence } from '../../src/service/evidence.ts'
import { createEvidenceFolder, safeName, showVariables } from '../../src/service/evidence-folder.ts'
import { createProgram } from '../../src/service/program.ts'

const base = mkdtempSync(join(tmpdir(), 'shakedown-evidence-'))
after(() => rmSync(base, { recursive: true, force: true }))

const idle = { run: ['sleep', '1000'], port: 'none', ready: 'started' } as const

test('nobody is waited for when there is no time, and what they would have said is named', async () => {
  await using quick = createProgram({ ...idle, name: 'quick', evidence: async () => ({ 'a.txt': 'a' }) })
  await using frozen = createProgram({ ...idle, name: 'frozen', evidence: () => new Promise(() => {}) })
  await using broken = createProgram({
    ...idle,
    name: 'broken',
    evidence: async () => {
      throw new Failure('it has no words')
    },
  })
  for (const one of [quick, frozen, broken]) await one.start()
  const over = new AbortController()
  const gathered = gatherEvidence(join(base, 'hurry'), over.signal)
  setImmediate(() => over.abort(new Failure('interrupted')))
  const { files, missing } = await gathered
  assert.deepEqual(missing.toSorted(), ['broken: it has no words', 'frozen: interrupted'])
  assert.ok(files.includes('quick/a.txt') && files.includes('processes.txt'))
})

test('one that has ended is not asked, and said to have', async () => {
  await using gone = createProgram({ ...idle, name: 'gone', evidence: async () => ({ 'a.txt': 'a' }) })
  await gone.start()
  await gone.stop()
  const { missing } = await gatherEvidence(join(base, 'gone'), new AbortController().signal)
  assert.deepEqual(missing, ['gone: it is stopped'])
})

test('a file is cut where it is too long, and a folder has an end, too', () => {
  const { put, files, missing } = createEvidenceFolder(join(base, 'full'))
  const text = 'x'.repeat(1_500_000)
  for (let index = 1; index <= 25; index += 1) put(`flood/${index}.txt`, text)
  const first = readFileSync(join(base, 'full', 'flood', '1.txt'), 'utf8')
  assert.match(first.slice(-40), /x\n… \(500000 more characters\)\n$/)
  assert.equal(files.length, 19)
  assert.equal(missing.length, 6)
  assert.match(missing[0] ?? '', /^flood\/20\.txt: the folder is full$/)
})

test('names stay below the folder, whatever a service calls its files', () => {
  const { put, files } = createEvidenceFolder(join(base, 'names'))
  put('../../etc/passwd', 'x')
  put('/etc/passwd', 'y')
  put('a b/ü*?.txt', 'z')
  assert.deepEqual(files, ['x/x/etc/passwd', 'x/etc/passwd', 'a-b/ü-.txt'])
  assert.equal(safeName('long'.repeat(100)).length, 80)
})

test('only the owner can read it', { skip: process.platform === 'win32' }, () => {
  const { put } = createEvidenceFolder(join(base, 'modes'))
  put('inner/a.txt', 'x')
  const modes = ['modes', 'modes/inner', 'modes/inner/a.txt'].map(
    (path) => statSync(join(base, path)).mode & 0o777,
  )
  assert.deepEqual(modes, [0o700, 0o700, 0o600])
})

test('variables are told sorted, secret ones only by their names', () => {
  assert.equal(
    showVariables({ B: '2', A: '1', MY_TOKEN: 'abc', C: undefined }),
    'A=1\nB=2\nC=\nMY_TOKEN=[secret]\n',
  )
})
