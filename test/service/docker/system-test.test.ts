import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../until.ts'
import { describeWithDocker } from './engine.ts'

const ONLY = 'refuses a configuration'

describeWithDocker('the system test in a container', () => {
  test('has its results, its exit code and its output here, and leaves nothing there (GUN-071, GUN-102, GUN-103, GUN-104, GUN-105, GUN-107, KIT-17)', async () => {
    await inFolder(async (results) => {
      const run = startTest('--quick', '--only', ONLY, '--results', results)
      assert.equal(await run.ended, 0, run.said())
      assert.match(run.said(), /passed {2}1 scenario/)
      assert.match(
        readFileSync(join(results, 'latest/junit.xml'), 'utf8'),
        /refuses a configuration that cannot work/,
      )
    })
  })

  test('fails with the exit code of what failed there (GUN-108)', async () => {
    await inFolder(async (results) => {
      const run = startTest('--ci', '--timeout', '1s', '--results', results)
      assert.equal(await run.ended, 124, run.said())
    })
  })

  test('goes with whoever started it', async () => {
    await inFolder(async (results) => {
      const run = startTest('--quick', '--results', results)
      await until('it runs', () => names().some((name) => name.endsWith('-system-test')), 600_000)
      const own = names().find((name) => name.endsWith('-system-test')) ?? ''
      run.child.kill('SIGKILL')
      await run.ended
      const prefix = own.slice(0, -'-system-test'.length)
      await until('it is gone, and its Redis', () => !names().some((name) => name.startsWith(prefix)))
    })
  })
})

function startTest(...flags: readonly string[]) {
  const child = spawn(process.execPath, ['system_test.mts', '--docker', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  return { child, said: () => said, ended: once(child, 'close').then(([code]) => code) }
}

function names(): readonly string[] {
  const words = ['ps', '--all', '--filter', 'label=shakedown.run', '--format', '{{.Names}}']
  return execFileSync('docker', words, { encoding: 'utf8' }).split('\n').filter(Boolean)
}

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-docker-'))
  try {
    await act(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
