import assert from 'node:assert/strict'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { COMPONENTS, PACKAGE_MANAGERS } from '../../src/run/components.ts'
import { describeDiagnoses, diagnose, isFit } from '../../src/run/doctor.ts'
import { componentNamed, findComponent, inspectComponent } from '../../src/run/find.ts'
import { howToGet, installCommand } from '../../src/run/packages.ts'
import { makeFolder, writeIn } from '../scripts/project.ts'

const redis = (version: string) =>
  `#!/bin/sh\necho "Redis server v=${version} sha=00000000:0 malloc=libc bits=64"\n`
const skip = process.platform === 'win32' ? 'needs programs that are shell scripts' : false

test('a program is found where the PATH has it, and says its version', { skip }, async () => {
  await using folder = await makeFolder({ 'bin/redis-server': redis('7.2.4') })
  const env = { PATH: join(folder.path, 'bin') }
  const path = join(folder.path, 'bin', 'redis-server')
  assert.deepEqual(findComponent('redis-server', { env }), { name: 'redis-server', path, via: 'PATH' })
  assert.deepEqual(await inspectComponent('redis-server', { env }), {
    name: 'redis-server',
    path,
    via: 'PATH',
    version: '7.2.4',
  })
})

test('a variable names another program; one that names nothing is an error, not a fallback', {
  skip,
}, async () => {
  await using folder = await makeFolder({ 'bin/redis-server': redis('7.2.4'), 'my redis': redis('8.0.1') })
  const PATH = join(folder.path, 'bin')
  const own = await inspectComponent('redis-server', {
    env: { PATH, REDIS_BIN: join(folder.path, 'my redis') },
  })
  assert.ok('version' in own && own.version === '8.0.1' && own.via === 'REDIS_BIN')
  const none = findComponent('redis-server', { env: { PATH, REDIS_BIN: '/no/such/redis' } })
  assert.ok('missing' in none)
  assert.equal(none.missing, 'REDIS_BIN=/no/such/redis does not exist')
  await chmod(join(folder.path, 'my redis'), 0o644)
  const not = findComponent('redis-server', { env: { PATH, REDIS_BIN: join(folder.path, 'my redis') } })
  assert.ok('missing' in not && not.missing.endsWith('is not executable'))
})

test('one that is too old is passed over for one that is not, and else counts as missing', {
  skip,
}, async () => {
  await using folder = await makeFolder({ 'old/python3': '#!/bin/sh\necho Python 3.6.15\n' })
  const PYTHON_BIN = join(folder.path, 'old', 'python3')
  const old = await inspectComponent('python', { env: { PYTHON_BIN } })
  assert.ok('missing' in old)
  assert.match(old.missing, /python3 is 3\.6\.15; 3\.9 or newer is needed$/)
  await writeIn(folder.path, 'old/python3.12', '#!/bin/sh\necho Python 3.12.1\n')
  const newer = await inspectComponent('python', { env: { PATH: join(folder.path, 'old') } })
  assert.ok('version' in newer && newer.path !== PYTHON_BIN)
})

test('a Python that cannot make virtual environments counts as missing', { skip }, async () => {
  const text = '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.11.2\n'
  await using folder = await makeFolder({ python3: text })
  const found = await inspectComponent('python', { env: { PYTHON_BIN: join(folder.path, 'python3') } })
  assert.ok('missing' in found)
  assert.match(found.missing, /cannot do what is needed: python -c import ensurepip, venv/)
})

test('a program that says nothing of itself is not taken for the one that it is named like', {
  skip,
}, async () => {
  await using folder = await makeFolder({ 'redis-server': '#!/bin/sh\necho hello\n' })
  const found = await inspectComponent('redis-server', {
    env: { REDIS_BIN: join(folder.path, 'redis-server') },
  })
  assert.ok('missing' in found && found.missing.endsWith('does not say its version: is it redis-server?'))
})

test('an unknown name is a mistake that names the nearest', () => {
  assert.throws(
    () => findComponent('promtheus'),
    /unknown component: promtheus\n {2}hint {6}did you mean prometheus\?/,
  )
})

test('what is in the virtual environment goes before what the PATH has', { skip }, async () => {
  await using folder = await makeFolder({
    '.venv/bin/gunicorn': '#!/bin/sh\n',
    'bin/gunicorn': '#!/bin/sh\n',
  })
  const found = findComponent('gunicorn', { root: folder.path, env: { PATH: join(folder.path, 'bin') } })
  assert.ok('path' in found && found.path === join(folder.path, '.venv', 'bin', 'gunicorn'))
})

test('each package manager is asked in its own words (GUN-060)', () => {
  const commands = (['apt', 'dnf', 'apk', 'brew', 'choco', 'winget'] as const).map((name) =>
    installCommand(name, ['x']).join(' '),
  )
  assert.deepEqual(commands, [
    'apt-get install -y --no-install-recommends x',
    'dnf install -y --setopt=install_weak_deps=False x',
    'apk add --no-cache x',
    'brew install --quiet x',
    'choco install -y --no-progress x',
    'winget install --exact --accept-source-agreements --accept-package-agreements x',
  ])
})

test('a component without a package for this manager says where to get it (GUN-060)', { skip }, () => {
  const [redisServer] = COMPONENTS
  assert.ok(redisServer)
  const text = howToGet({ ...redisServer, packages: componentNamed('gunicorn').packages })
  assert.equal(text, 'get it from https://redis.io/downloads/ and set REDIS_BIN to the program')
})

test('of each component each package manager has a package, or it is said why not (GUN-060)', () => {
  const managers = Object.keys(PACKAGE_MANAGERS).sort()
  for (const { name, packages } of COMPONENTS) {
    assert.deepEqual(Object.keys(packages).sort(), managers, name)
    for (const [manager, own] of Object.entries(packages)) {
      const words = typeof own === 'string' ? own.split(' ') : own
      assert.ok(words.length > (typeof own === 'string' ? 2 : 0), `${name} and ${manager}: ${own}`)
      assert.ok(words.every((word) => /^\S+$/.test(word)))
    }
  }
})

test('Docker is named as each system has it (GUN-060)', () => {
  const { packages, download } = componentNamed('docker')
  assert.deepEqual(
    [packages.apt, packages.brew[0], packages.choco, packages.winget],
    [['docker.io'], 'docker', ['docker-desktop'], ['Docker.DockerDesktop']],
  )
  assert.match(download, /^https:\/\/docs\.docker\.com\//)
})

test('a gunicorn that is missing is told with how to get it (GUN-162)', { skip }, async () => {
  await using folder = await makeFolder()
  const found = findComponent('gunicorn', { env: { PATH: '' }, root: folder.path })
  if ('path' in found) assert.equal(found.via, 'PATH', 'one of the machine is in the usual folders')
  else assert.match(found.missing, /^gunicorn is not installed/)
  assert.equal(
    howToGet(componentNamed('gunicorn')),
    'python3 -m venv .venv && .venv/bin/python -m pip install -r fixtures/apps/exporter/requirements.txt',
  )
})

test('every row of the table names a package for apt and Homebrew, or a file with its requirements (GUN-060)', () => {
  for (const { name, packages, requirements } of COMPONENTS) {
    assert.ok(requirements !== undefined || (packages.apt && packages.brew), name)
  }
})

test('the doctor says what is there and how to get what is not (GUN-060, GUN-061)', { skip }, async () => {
  await using folder = await makeFolder({ 'bin/git': '#!/bin/sh\necho "git version 2.39.5"\n' })
  const bin = { GIT_BIN: join(folder.path, 'bin', 'git'), DOCKER_BIN: '/no/such/docker' }
  const diagnoses = await diagnose({ env: { ...process.env, ...bin, REDIS_BIN: '/no/such/redis' } })
  const text = describeDiagnoses(diagnoses)
  assert.match(text, /^ok {7}git {13}2\.39\.5/m)
  assert.match(text, /^absent {3}docker .*\(only for the tests in containers\)\n {9}unset DOCKER_BIN/m)
  assert.match(
    text,
    /^missing {2}redis-server {4}REDIS_BIN=\/no\/such\/redis does not exist\n {9}unset REDIS_BIN/m,
  )
  assert.equal(isFit(diagnoses), false)
})
