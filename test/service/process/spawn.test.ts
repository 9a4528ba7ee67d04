import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder, root, run } from '../../scripts/project.ts'

const skip = process.platform === 'win32' ? 'the way to Windows is looked at from elsewhere' : false

/** What Windows has in the place of a shell: here it says with which words it was called. */
const COMSPEC = '#!/bin/sh\nprintf "<%s>" "$@"\n'

/** Starts a program as on Windows: what asks for the platform is told that it is that one. */
const STARTS = `
import { syncBuiltinESMExports } from 'node:module'
Object.defineProperty(process, 'platform', { value: 'win32' })
syncBuiltinESMExports()
const { spawnCommand } = await import(process.argv[2])
const child = await spawnCommand({ service: 'tool', command: ['./tool.cmd', 'a b', 'c&d'], cwd: '.', env: process.env }, 0n)
child.stdout.pipe(process.stdout)
`

test('a .cmd, which Node alone cannot start, is started by the shell of Windows, its words quoted (KIT-06)', {
  skip,
}, async () => {
  await using folder = await makeFolder({ comspec: COMSPEC, 'starts.mjs': STARTS, 'tool.cmd': '@echo off' })
  const file = join(root, 'src', 'service', 'process', 'spawn.ts')
  const { code, stdout, stderr } = await run([process.execPath, 'starts.mjs', file], {
    cwd: folder.path,
    env: { comspec: join(folder.path, 'comspec') },
  })
  assert.equal(code, 0, stderr)
  assert.equal(stdout, '</d></s></c><"tool.cmd ^"a^ b^" ^"c^&d^"">')
})
