import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { findExecutable } from '../../src/run/packages.ts'
import { makeWorkspace } from './workspace.ts'

const one = makeWorkspace()
after(() => one.remove())

/** What real bash offers for a line whose last word is being typed. */
async function offers(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await one.shakedown(['completion', 'bash'])
  const line = words.map((word) => `'${word}'`).join(' ')
  const script = `${stdout}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _shakedown; printf '%s\\n' "\${COMPREPLY[@]}"`
  const told = spawnSync('bash', ['--norc', '-uc', script], { encoding: 'utf8' })
  assert.equal(told.stderr, '')
  return told.stdout.split('\n').filter((word) => word !== '')
}

const noBash = findExecutable('bash') === undefined ? 'bash is not installed' : false

test('bash completes commands and the flags of each', { skip: noBash }, async () => {
  assert.deepEqual(await offers('shakedown', 're'), ['rerun', 'report'])
  assert.deepEqual(await offers('shakedown', 'run', '--ret'), ['--retries'])
  assert.deepEqual(await offers('shakedown', 'clean', '--'), ['--dry-run', '--help'])
  assert.deepEqual(await offers('shakedown', 'run', 'e2'), [])
  assert.deepEqual(await offers('shakedown', 'unheard', '--'), [])
})

test('zsh can read what is meant for it', {
  skip: findExecutable('zsh') === undefined ? 'zsh is not installed' : false,
}, async () => {
  const { stdout } = await one.shakedown(['completion', 'zsh'])
  const told = spawnSync('zsh', ['-c', `compdef() { echo "$@"; }\n${stdout}`], { encoding: 'utf8' })
  assert.equal(told.stdout, '_shakedown shakedown\n')
})

test('another shell is refused', async () => {
  const { code, stderr } = await one.shakedown(['completion', 'bas'])
  assert.equal(code, 2)
  assert.match(stderr, /no completion for bas\n.*did you mean bash\?/)
})
