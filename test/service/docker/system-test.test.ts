import assert from 'node:assert/strict'
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { test } from 'node:test'
import { until } from '../until.ts'
import { describeWithDocker } from './engine.ts'

const ONLY = 'refuses a configuration'
const PIPES: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']

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

  test('by make, and says how long it took (GUN-058, GUN-062)', async () => {
    await inFolder(async (results) => {
      const words = `--only '${ONLY}' --results ${results}`
      const run = listenTo(
        spawn('make', ['--no-print-directory', 'docker-test', `ARGS=${words}`], { stdio: PIPES }),
      )
      assert.equal(await run.ended, 0, run.said())
      assert.match(run.said(), /results {5}\/app\/results\//)
      assert.match(run.said(), /passed {2}1 scenario in [\d.]+(ms|s|m)/)
      assert.match(readFileSync(join(results, 'latest/junit.xml'), 'utf8'), / time="[\d.]+"/)
    })
  })

  test('by docker build and docker run, with the documented ports (GUN-064, GUN-065, GUN-105)', async () => {
    const image = `shakedown-test-${process.pid}`
    docker('build', '--quiet', '--tag', image, '.')
    try {
      const ports = JSON.parse(docker('image', 'inspect', '--format', '{{json .Config.ExposedPorts}}', image))
      assert.deepEqual(Object.keys(ports).toSorted(), ['6379/tcp', '8088/tcp', '9090/tcp', '9093/tcp'])
      const published = Object.keys(ports).flatMap((port) => ['--publish', `127.0.0.1::${port}`])
      const words = ['run', '--rm', '--name', image, ...published, image, '--quick', '--only', ONLY]
      const run = listenTo(spawn('docker', words, { stdio: PIPES }))
      assert.equal(await run.ended, 0, run.said())
      assert.match(run.said(), /passed {2}1 scenario/)
    } finally {
      docker('rmi', image)
    }
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
  return listenTo(spawn(process.execPath, ['system_test.mts', '--docker', ...flags], { stdio: PIPES }))
}

function listenTo(child: ChildProcessByStdio<null, Readable, Readable>) {
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  return { child, said: () => said, ended: once(child, 'close').then(([code]) => code) }
}

function docker(...words: readonly string[]): string {
  return execFileSync('docker', words, { encoding: 'utf8' })
}

function names(): readonly string[] {
  const words = ['ps', '--all', '--filter', 'label=shakedown.run', '--format', '{{.Names}}']
  return docker(...words)
    .split('\n')
    .filter(Boolean)
}

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-docker-'))
  try {
    await act(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
