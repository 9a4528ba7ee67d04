import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Command } from '../../src/cli/command.ts'
import { run } from '../scripts/project.ts'
import { plainEnvironment, root } from './script.ts'
import { makeWorkspace } from './workspace.ts'

// Every example of every --help is typed into a shell, in the order in which they stand, in a project in which they make sense.

const one = makeWorkspace('passes')
after(() => one.remove())

const env = {
  ...plainEnvironment(),
  PATH: `${join(one.folder, 'bin')}${delimiter}${process.env['PATH']}`,
  SHAKEDOWN_STATE: join(one.folder, '.state'),
  DISPLAY: undefined,
  WAYLAND_DISPLAY: undefined,
}

before(async () => {
  one.write(
    'bin/shakedown',
    `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'src/cli/main.mts')}' "$@"\n`,
  )
  chmodSync(join(one.folder, 'bin', 'shakedown'), 0o755)
  one.write(
    'e2e/slow.mts',
    `import { expect, scenario } from 'shakedown'
     await scenario('a snail', { tags: ['slow'] }, async () => expect(1).toBe(1))`,
  )
  for (const index of [1, 2])
    await one.shakedown(['run', '--shard', `${index}/2`, '--results', `shards/${index}`])
})

test('what --help shows does what it says', async () => {
  const { stdout } = await one.shakedown(['--help'])
  const names = [...stdout.matchAll(/^ {2}(\w+) {2}/gm)].map(([, name = '']) => name)
  assert.ok(names.length >= 12)
  for (const name of names) {
    const { command }: { readonly command: Command } = await import(`../../src/cli/commands/${name}.ts`)
    const help = await one.shakedown([name, '--help'])
    assert.equal(help.code, 0)
    assert.ok(help.stdout.startsWith(`usage: shakedown ${name}`), help.stdout)
    assert.ok(command.examples.length > 0, `${name} has an example`)
    for (const [line] of command.examples) {
      assert.ok(help.stdout.includes(line))
      const ended = await run(['sh', '-c', line], { cwd: one.folder, env })
      assert.equal(ended.code, 0, `${line}\n${ended.stdout}\n${ended.stderr}`)
    }
  }
})
