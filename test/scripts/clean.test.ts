import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { copyProject, run, writeIn } from './project.ts'

const MADE = ['results/latest/events.ndjson', 'dist/index.js', 'shakedown-0.1.0.tgz']
const INSTALLED = ['.venv/bin/python', '.shakedown/venv/x/bin/python']
const NEITHER = ['mine.txt', 'other-1.0.0.tgz', 'docs/results.md', 'node_modules']

/** A script that starts a service and is killed before it can clean up; prints the service's process id. */
const DIES = `
import { service, start } from './src/index.ts'
const forever = service({ name: 'forever', run: ['sleep', '100000'], port: 'none', ready: 'started' })
await start(forever)
process.stdout.write('started\\n')
setInterval(() => {}, 1000)
`

async function clean(...args: readonly string[]) {
  const project = await copyProject()
  for (const file of [...MADE, ...INSTALLED, ...NEITHER.slice(0, 3)]) await writeIn(project.path, file, '')
  const state = join(project.path, 'state')
  const node = [process.execPath, join(project.path, 'scripts', 'clean.mts'), ...args]
  const ended = await run(node, { env: { SHAKEDOWN_STATE: state } })
  const left = [...MADE, ...INSTALLED, ...NEITHER].filter((file) => existsSync(join(project.path, file)))
  return { ...project, ...ended, left }
}

test('removes what runs and packing made, and nothing else', async () => {
  await using done = await clean()
  assert.equal(done.code, 0, done.stderr)
  assert.deepEqual(done.left, [...INSTALLED, ...NEITHER])
  assert.match(done.stdout, /^removed results\nremoved dist\nremoved shakedown-0\.1\.0\.tgz\n$/)
})

test('with --all also what was installed into the folder', async () => {
  await using done = await clean('--all')
  assert.deepEqual(done.left, ['mine.txt', 'other-1.0.0.tgz', 'docs/results.md'])
})

test('leaves a process that no run of ours has started alone, whatever its name (GUN-070)', async () => {
  const stranger = spawn('sleep', ['100000'])
  const gone = once(stranger, 'exit')
  try {
    await using done = await clean()
    assert.equal(done.code, 0, done.stderr)
    assert.ok(stranger.signalCode === null && stranger.exitCode === null, 'the stranger was ended')
    assert.equal(process.kill(stranger.pid ?? 0, 0), true)
  } finally {
    stranger.kill('SIGKILL')
    await gone
  }
})

test('a run that is under way is not touched (GUN-070)', async () => {
  await using project = await copyProject()
  const script = await writeIn(project.path, 'dies.mts', DIES)
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const env = { ...inherited, SHAKEDOWN_STATE: join(project.path, 'state') }
  const runner = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(runner.stdout, 'data')
    const { code, stdout } = await run([process.execPath, join(project.path, 'scripts', 'clean.mts')], {
      env,
    })
    assert.deepEqual([code, stdout], [0, ''])
    const children = await run(['ps', '-o', 'args=', '--ppid', String(runner.pid)])
    assert.match(children.stdout, /sleep 100000/)
  } finally {
    runner.kill('SIGTERM')
    await once(runner, 'exit')
  }
})
