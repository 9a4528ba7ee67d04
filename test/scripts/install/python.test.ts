import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { findPythonProblem, wantedPython } from '../../../scripts/install/python.ts'
import { makeFolder } from '../project.ts'

const REQUIREMENTS = {
  'fixtures/apps/exporter/requirements.txt':
    '# why\ngunicorn==23.0.0\ngunicorn-prometheus-exporter==0.2.4  # also why\nPyYAML==6.0.3\n',
}
const SITE = '.venv/lib/python3.11/site-packages'
const INSTALLED = {
  '.venv/bin/python': '',
  [`${SITE}/gunicorn-23.0.0.dist-info/RECORD`]: '',
  [`${SITE}/gunicorn_prometheus_exporter-0.2.4.dist-info/RECORD`]: '',
  [`${SITE}/pyyaml-6.0.3.dist-info/RECORD`]: '',
}

async function problemOf(files: Readonly<Record<string, string>>, exporter?: string) {
  await using folder = await makeFolder({ ...REQUIREMENTS, ...files })
  return findPythonProblem(await wantedPython(folder.path, exporter))
}

test('a complete environment has no problem, however its packages spell their names', async () => {
  assert.equal(await problemOf(INSTALLED), undefined)
})

test('no environment, a missing package, another version and half an installation are problems (GUN-087)', async () => {
  assert.equal(await problemOf({}), 'it is not there')
  const { [`${SITE}/pyyaml-6.0.3.dist-info/RECORD`]: _, ...less } = INSTALLED
  assert.equal(await problemOf(less), 'it lacks PyYAML==6.0.3')
  assert.equal(
    await problemOf({ ...less, [`${SITE}/PyYAML-6.0.2.dist-info/RECORD`]: '' }),
    'it lacks PyYAML==6.0.3',
  )
  assert.equal(
    await problemOf({ ...less, [`${SITE}/pyyaml-6.0.3.dist-info/METADATA`]: '' }),
    'it lacks PyYAML==6.0.3',
  )
})

test('an environment that was copied from elsewhere is made again', async () => {
  const moved = { ...INSTALLED, '.venv/bin/gunicorn': '#!/home/other/shakedown/.venv/bin/python\n' }
  assert.equal(await problemOf(moved), 'it was made in another place')
})

test('EXPORTER with a version asks for it in an environment of its own', async () => {
  await using folder = await makeFolder(REQUIREMENTS)
  const wanted = await wantedPython(folder.path, '0.2.3')
  assert.equal(wanted.folder, join(folder.path, '.shakedown', 'venv', 'exporter-0.2.3'))
  assert.deepEqual(wanted.pins, ['gunicorn==23.0.0', 'PyYAML==6.0.3', 'gunicorn-prometheus-exporter==0.2.3'])
})

test('EXPORTER with a checkout installs that, and what is neither is refused before anything is made', async () => {
  await using folder = await makeFolder({ ...REQUIREMENTS, 'their checkout/pyproject.toml': '' })
  const checkout = join(folder.path, 'their checkout')
  const wanted = await wantedPython(folder.path, checkout)
  assert.equal(wanted.checkout, checkout)
  assert.deepEqual(wanted.pins, ['gunicorn==23.0.0', 'PyYAML==6.0.3'])
  await assert.rejects(
    wantedPython(folder.path, 'nightly'),
    /EXPORTER=nightly is neither a version nor a checkout/,
  )
})
