import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { readRules } from '../../scripts/check/boundaries.ts'
import { importsOf, listFiles, readSources } from '../../scripts/check/source.ts'
import { readRows } from '../../scripts/contract/rows.ts'
import { root, run } from '../scripts/project.ts'

const read = (...path: readonly string[]) => readFile(join(root, ...path), 'utf8')

/** What git has, with the mode that a clone gets. */
async function committed(): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run(['git', 'ls-files', '--stage', '-z'], { cwd: root })
  const rows = stdout.split('\0').filter((row) => row !== '')
  return new Map(rows.map((row) => [row.split('\t')[1] ?? '', row.split(' ')[0] ?? '']))
}

test('the three layers of tests have a place each, written down, and processes are all that integration needs (GUN-001, GUN-057, GUN-059, KIT-13)', async () => {
  const layers = await read('ARCHITECTURE.md')
  for (const [layer, place] of [
    ['tests of this project', 'test/'],
    ['integration', 'e2e/integration/'],
  ])
    assert.ok(layers.includes(`| ${layer} | \`${place}\``), layer)
  assert.match(layers, /^\| end to end \| .* \| containers and clusters \|/m)
  assert.ok((await readdir(join(root, 'test'))).includes('system_test'))
  const scripts = await listFiles(root, ['e2e/integration/**/*.{mts,ts}'])
  assert.ok(scripts.length > 10, 'integration tests are in e2e/integration')
  for (const file of scripts)
    assert.doesNotMatch(
      await read(file),
      /\b(docker|kubectl|podman|kind create)\b/,
      `${file} needs containers`,
    )
})

test('every script of the exporter beside the others is part of the main job, and how to add one is written down (GUN-175, GUN-178)', async () => {
  const there = await listFiles(root, ['e2e/integration/exporter_*.mts'])
  const main = await read('system_test.mts')
  assert.ok(there.length >= 3)
  assert.deepEqual(
    there.filter((file) => !main.includes(`'${file}'`)),
    [],
  )
  assert.match(await read('CONTRIBUTING.md'), /## How to add a scenario\n[\s\S]*system_test\.mts/)
})

test('what people look for is where they look for it (GUN-177, GUN-178, GUN-179, KIT-10, KIT-14, KIT-15, KIT-16)', async () => {
  const files = [...(await committed()).keys()]
  const wanted = ['system_test.mts', 'quick_test.mts', 'Makefile', 'README.md', 'package.json', 'LICENSE']
  const more = ['fixtures/apps/exporter/requirements.txt', 'scripts/install.mts', 'scripts/doctor.mts']
  assert.deepEqual(
    [...wanted, ...more].filter((file) => !files.includes(file)),
    [],
  )
  const top = files.filter((file) => !file.includes('/') && /\.m?[jt]s$/.test(file))
  assert.deepEqual(top, ['quick_test.mts', 'system_test.mts'], 'other scripts are in scripts/')
  const apps = files.filter((file) => /(^|\/)app\.py$|\.conf\.py$/.test(file))
  assert.deepEqual(
    apps.filter((file) => !file.startsWith('fixtures/')),
    [],
  )
})

test('the README begins with code and names the two commands, which exist (GUN-029, KIT-16)', async () => {
  const readme = await read('README.md')
  assert.match(readme, /^# shakedown\n\n(<!--.*-->\n)?```ts\n/)
  const commands = [...readme.matchAll(/^make ([\w-]+)/gm)].map(([, target = '']) => target)
  assert.deepEqual(commands, ['system-test', 'test'])
  const makefile = await read('Makefile')
  for (const target of [...readme.matchAll(/`make ([\w-]+)/g), ...commands.map((name) => ['', name])])
    assert.match(makefile, new RegExp(`^${target[1]}:`, 'm'))
})

test('scripts are executable in git, and say what runs them (GUN-163)', async () => {
  const wrong: string[] = []
  for (const [file, mode] of await committed()) {
    const isScript = /^[^/]*\.mts$|^(scripts|e2e)\/(.*\/)?[\w-]+\.mts$|^scripts\/node$|^\.ci\/run$/.test(file)
    if (!isScript && mode !== '100755') continue
    // Deleted by somebody at this moment: not part of the project any more.
    const text = await read(file).catch(() => '#!')
    if (mode !== '100755' || !text.startsWith('#!')) wrong.push(`${mode} ${file}`)
  }
  assert.deepEqual(wrong, [])
})

test('the workflow runs on three systems, on Ubuntu everything that .ci/run has (GUN-155, GUN-158)', async () => {
  const { jobs } = parse(await read('.github', 'workflows', 'system-test.yml'))
  const { strategy, steps, 'timeout-minutes': limit } = jobs['system-test']
  assert.deepEqual(strategy.matrix.os, ['ubuntu-latest', 'macos-latest', 'windows-latest'])
  assert.ok(limit > 0)
  const stepsOf = (system: string): readonly string[] =>
    steps
      .filter((one: { run?: string; if?: string }) => one.run && (one.if ?? system).includes(system))
      .map((one: { run: string }) => one.run.trim())
  assert.ok(stepsOf('Linux').includes('bash .ci/run'))
  const ci = await read('.ci', 'run')
  for (const part of [
    './system_test.mts --quick',
    './system_test.mts --ci',
    'make test',
    'scripts/install.mts',
  ])
    assert.ok(ci.includes(part), part)
  assert.ok(stepsOf('macOS').some((line) => line.startsWith('./system_test.mts --ci')))
  assert.ok(stepsOf('Windows').some((line) => line.includes('scripts/test.mts')))
})

test('the exporter reads the basic, redis and ssl configurations, and takes from each what it is about (GUN-025, GUN-027)', {
  skip: process.platform === 'win32' ? 'the exporter cannot run here' : false,
}, async () => {
  const about = {
    basic: 'GUNICORN_TIMEOUT=60',
    redis: 'REDIS_TTL_SECONDS=30',
    ssl: 'PROMETHEUS_SSL_CERTFILE=metrics.crt',
  }
  for (const [name, variable] of Object.entries(about)) {
    const file = join(root, 'fixtures', 'configs', `${name}.yml`)
    const { code, stdout, stderr } = await run([join(root, '.venv', 'bin', 'python'), '-c', LOADS, file])
    assert.equal(code, 0, stderr)
    assert.ok(stdout.split('\n').includes(variable), `${name}: ${stdout}`)
  }
})

/** Reads a configuration as the exporter does when the application starts, and says what follows from it. */
const LOADS = `
import os, sys
from gunicorn_prometheus_exporter.config import loader
before = dict(os.environ)
loader.load_yaml_config(sys.argv[1])
for name, value in os.environ.items():
    if name not in before: print(f'{name}={value}')
`

test('Python packages are pinned to one version each, and say why where it matters (GUN-179)', async () => {
  const lines = (await read('fixtures/apps/exporter/requirements.txt')).split('\n')
  const packages = lines.filter((line) => line !== '' && !line.startsWith('#'))
  assert.ok(packages.includes('gunicorn==23.0.0'))
  assert.deepEqual(
    packages.filter((line) => !/^[\w-]+==\d[\w.]*$/.test(line)),
    [],
  )
  assert.match(lines.slice(0, lines.indexOf('gunicorn==23.0.0')).join(' '), /24\.0\.0/)
})

test('system tests are written with the toolkit and with nothing else (KIT-01)', async () => {
  const sources = await readSources(root, ['e2e/**/*.{mts,ts}'])
  const strange = sources.flatMap((source) =>
    importsOf(source)
      .filter(({ from }) => !/^(shakedown$|node:|\.)/.test(from))
      .map(({ from }) => `${source.file}: ${from}`),
  )
  assert.deepEqual(strange, [])
  assert.ok(sources.length > 15)
})

const SEVEN = ['zx', 'prom-client', 'ioredis', 'undici', 'cross-spawn', 'tree-kill', 'get-port']

test('each of the seven packages is a pinned dependency that src really loads, in its one place (KIT-02, KIT-03, KIT-04, KIT-05, KIT-06, KIT-07, KIT-08, KIT-09)', async () => {
  const { dependencies } = JSON.parse(await read('package.json'))
  const { packages } = readRules(await read('ARCHITECTURE.md'))
  const sources = await readSources(root, ['src/**/*.{mts,ts}'])
  for (const name of SEVEN) {
    const version: string = dependencies[name] ?? 'not there'
    assert.match(version, /^(npm:@[\w-]+\/[\w-]+@)?\d+\.\d+\.\d+$/, `${name} is not pinned: ${version}`)
    const users = sources.filter((source) =>
      importsOf(source).some(({ from, kind }) => kind !== 'types' && from.split('/')[0] === name),
    )
    const folders = packages.get(name) ?? []
    assert.ok(users.length > 0, `nothing loads ${name}`)
    for (const { file } of users)
      assert.ok(
        folders.some((folder) => file.startsWith(`src/${folder}`)),
        `${file} loads ${name}`,
      )
  }
})

test('what a contribution has to bring is written down, and CI asks for the same (GUN-191)', async () => {
  const text = await read('CONTRIBUTING.md')
  for (const command of ['make test', 'make quick-test', 'make system-test', 'make contract'])
    assert.match(text, new RegExp(`^${command} `, 'm'))
  assert.match(text, /changes its tests and lists in the same commit: `e2e\/contract\.txt`/)
  assert.ok(readRows(await read('e2e', 'contract.txt')).length > 150)
})
