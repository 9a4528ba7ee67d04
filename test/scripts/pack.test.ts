import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { cp, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { blocksOf } from '../../scripts/check/docs.ts'
import { publishedForm } from '../../scripts/pack/published-form.ts'
import { copyProject, type Folder, makeFolder, root, run, writeIn } from './project.ts'

/** What somebody writes first, for a program that nobody has heard of: the same wiring, without anything to install. */
const NEWCOMER = `
import { expect, scenario, service, start, step } from 'shakedown'

const program = "require('node:http').createServer((request, response) => response.end('hello')).listen(process.env.PORT, '127.0.0.1')"
const web = service({ run: ['node', '-e', program], port: { env: 'PORT' }, ready: { http: '/' } })

await scenario('the web says hello', async () => {
  await start(web)
  await step('it answers', async () => {
    await expect(web.get('/')).toRespond(200)
  })
})
`
const STRICT = {
  compilerOptions: {
    module: 'NodeNext',
    target: 'ES2024',
    lib: ['ES2024', 'ESNext.Disposable'],
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  },
  include: ['*.mts'],
}

let project: Folder
let user: Folder
let packed: readonly string[] = []

before(async () => {
  project = await copyProject()
  const ended = await run(['npm', 'pack', '--json', '--pack-destination', project.path], {
    cwd: project.path,
  })
  assert.equal(ended.code, 0, ended.stderr)
  const tarball = (await readdir(project.path)).find((name) => name.endsWith('.tgz'))
  assert.ok(tarball)
  packed = (await run(['tar', '-tzf', join(project.path, tarball)])).stdout.trim().split('\n')
  user = await makeFolder({
    'package.json': '{ "type": "module", "private": true }',
    'tsconfig.json': JSON.stringify(STRICT),
  })
  const install = [
    'npm',
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    join(project.path, tarball),
  ]
  const installed = await run(install, { cwd: user.path })
  assert.equal(installed.code, 0, installed.stderr)
})

after(async () => {
  await user?.[Symbol.asyncDispose]()
  await project?.[Symbol.asyncDispose]()
})

test('the tarball holds what runs and what is read, and nothing of how it is made', () => {
  const strange = packed.filter(
    (file) =>
      !/^package\/(dist\/.*\.(m?js|d\.m?ts|css|sh)|docs\/.*|package\.json|README\.md|LICENSE)$/.test(file),
  )
  assert.deepEqual(strange, [])
  assert.ok(packed.includes('package/dist/index.js') && packed.includes('package/dist/index.d.ts'))
})

test('the package.json of users points to dist and knows nothing of the workplace', async () => {
  const text = await readFile(join(user.path, 'node_modules', 'shakedown', 'package.json'), 'utf8')
  const own = await readFile(join(root, 'package.json'), 'utf8')
  assert.equal(text, publishedForm(own))
  const { exports, bin, scripts, workspaces, devDependencies } = JSON.parse(text)
  assert.deepEqual(exports['.'], { types: './dist/index.d.ts', default: './dist/cli/entry.js' })
  assert.match(bin.shakedown, /^\.\/dist\/.*\.mjs$/)
  assert.deepEqual([scripts, workspaces, devDependencies], [undefined, undefined, undefined])
})

test('packing leaves the project as it was', async () => {
  const [before, now] = await Promise.all(
    [root, project.path].map((path) => readFile(join(path, 'package.json'), 'utf8')),
  )
  assert.equal(now, before)
  assert.equal(existsSync(join(project.path, 'dist')), false)
})

test('a first script runs in an empty project, with its types (KIT-09)', async () => {
  await writeIn(user.path, 'newcomer.mts', NEWCOMER)
  await checkTypes()
  const ended = await run([process.execPath, 'newcomer.mts'], { cwd: user.path })
  assert.equal(ended.code, 0, ended.stdout + ended.stderr)
  assert.match(ended.stdout, /the web says hello/)
  const report = await readFile(join(user.path, 'results', 'latest', 'report.html'), 'utf8')
  assert.match(report, /Passed: 1 of 1 scenarios passed/)
})

test('the same script goes red when the promise does not hold', async () => {
  await writeIn(user.path, 'newcomer.mts', NEWCOMER.replace('toRespond(200)', 'toRespond(201)'))
  const ended = await run([process.execPath, 'newcomer.mts'], { cwd: user.path })
  assert.equal(ended.code, 1, ended.stdout + ended.stderr)
})

test("the README's first example runs in an empty project, with its types", async (t) => {
  const readme = existsSync(join(root, 'README.md')) ? await readFile(join(root, 'README.md'), 'utf8') : ''
  const [example] = blocksOf(readme).filter(({ language }) => language === 'ts')
  if (example === undefined) return t.skip('there is no README with an example yet')
  await cp(join(root, 'fixtures', 'apps'), join(user.path, 'fixtures', 'apps'), { recursive: true })
  if (existsSync(join(root, '.venv'))) await symlink(join(root, '.venv'), join(user.path, '.venv'))
  await writeIn(user.path, 'example.mts', example.text)
  await checkTypes()
  const ended = await run([process.execPath, 'example.mts'], {
    cwd: user.path,
    env: { SHAKEDOWN_MODE: 'quick' },
  })
  assert.equal(ended.code, 0, ended.stdout + ended.stderr)
})

async function checkTypes(): Promise<void> {
  const { code, stdout } = await run([join(root, 'node_modules', '.bin', 'tsc'), '-p', user.path], {
    cwd: user.path,
  })
  assert.equal(code, 0, stdout)
}
