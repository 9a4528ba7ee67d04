import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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

const noZsh = findExecutable('zsh') === undefined ? 'zsh is not installed' : false

test('zsh completes commands, the flags of each, and files', { skip: noZsh }, async () => {
  const typed = ['rer', 're', 'run --ret', 'clean --d', 'run e2', 'unheard --d']
  assert.deepEqual(await completeInZsh(typed), [
    'rerun ',
    're',
    'run --retries ',
    'clean --dry-run ',
    'run e2e/',
    'unheard --d',
  ])
})

/** What real zsh, with its own completion, makes of `shakedown` and these words when Tab is pressed behind them. */
async function completeInZsh(typed: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await one.shakedown(['completion', 'zsh'])
  one.write('completion.zsh', stdout)
  // In a terminal of its own; Ctrl-G writes down what stands on the line, and clears it.
  const script = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1= TERM=dumb; autoload -Uz compinit && compinit -u -D && source ./completion.zsh
tell() { print -r -- "$BUFFER" >> typed; zle kill-whole-line }; zle -N tell; bindkey "^G" tell; print rea""dy'
zpty -r shell said '*ready*'
for words in "$@"; do zpty -wn shell "shakedown $words"$'\\t\\a'; done
zpty -w shell exit
zpty -r shell said '*never*'
true`
  const told = spawnSync('zsh', ['-f', '-c', script, 'zsh', ...typed], { cwd: one.folder, encoding: 'utf8' })
  assert.equal(`${told.status} ${told.stderr}`, '0 ')
  const lines = readFileSync(join(one.folder, 'typed'), 'utf8').trimEnd().split('\n')
  return lines.map((line) => line.replace('shakedown ', ''))
}

test('another shell is refused', async () => {
  const { code, stderr } = await one.shakedown(['completion', 'bas'])
  assert.equal(code, 2)
  assert.match(stderr, /no completion for bas\n.*did you mean bash\?/)
})
