import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { endTree } from '../../../src/service/process/group.ts'
import { isRunning, pidsOf, until } from '../until.ts'

const skip = process.platform === 'linux' ? false : 'looks processes up in /proc'

test('a tree without a group of its own is ended down to its leaves, and nobody else (KIT-07)', {
  skip,
}, async () => {
  const token = String(300_000_000 + process.pid)
  const stranger = spawn('sleep', [token])
  const root = spawn('sh', ['-c', `sleep ${token} & sh -c 'sleep ${token} & wait' & wait`], {
    stdio: 'ignore',
  })
  try {
    await until('the tree is there', () => pidsOf(`sleep ${token}`).length >= 5)
    await endTree(root.pid ?? 0, 'SIGKILL')
    await until('only the stranger is left', () => pidsOf(`sleep ${token}`).length === 1)
    assert.deepEqual(pidsOf(`sleep ${token}`), [stranger.pid])
    assert.equal(isRunning(root.pid ?? 0), false)
    // One that is gone already is no error.
    await endTree(root.pid ?? 0, 'SIGKILL')
  } finally {
    for (const pid of pidsOf(`sleep ${token}`)) process.kill(pid, 'SIGKILL')
  }
})
