import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { root, run } from './project.ts'

const SCRIPTS = ['chaos', 'clean', 'contract', 'mutants', 'reds', 'test']

for (const name of SCRIPTS) {
  test(`scripts/${name}.mts says what it does, and begins nothing for a flag that it does not have`, async () => {
    const program = join(root, 'scripts', `${name}.mts`)
    const help = await run([program, '--help'])
    assert.equal(help.code, 0, help.stderr)
    assert.match(help.stdout, new RegExp(`\n\nusage: scripts/${name}\\.mts .*\n\n  -`))
    const wrong = await run([program, '--hlep'])
    assert.deepEqual([wrong.code, wrong.stdout], [2, ''])
    assert.match(wrong.stderr, /^unknown flag: --hlep\n {2}hint {6}did you mean --help\?/)
  })
}

test('a number that is none is refused', async () => {
  const { code, stderr } = await run([join(root, 'scripts/test.mts'), '--jobs', '0'])
  assert.deepEqual([code, stderr.split('\n')[0]], [2, '--jobs wants a number: 0'])
})

for (const [name, ...words] of [
  ['scripts/mutants.mts', '--list'],
  ['src/cli/main.mts', 'completion', 'bash'],
]) {
  test(`${name} ${words.join(' ')} ends as it would where nobody reads any more`, async () => {
    const child = spawn(process.execPath, [join(root, name ?? ''), ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    assert.deepEqual([code, complaint], [0, ''])
  })
}
