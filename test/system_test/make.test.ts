import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ALONE, copyProject, root, run, writeIn } from '../scripts/project.ts'
import { isRunning, pidsOf, until } from '../service/until.ts'

const skip = process.platform === 'win32' ? 'needs make' : false
/** The targets that the documents name. */
const PROMISED = [
  ...['install', 'test', 'quick-test', 'system-test', 'ci-test', 'force-test'],
  ...['clean', 'lint', 'format', 'contract'],
]

/** The commands that a target would run, without those of the targets that it needs. */
async function commandsOf(target: string, ...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await run(['make', '--dry-run', target, ...words], {
    cwd: root,
    env: ALONE,
  })
  assert.equal(code, 0, stderr)
  return stdout.trim().split('\n')
}

test('make alone and make help list every target, each with what it does (GUN-028, KIT-15)', {
  skip,
}, async () => {
  const makefile = await readFile(join(root, 'Makefile'), 'utf8')
  const targets = [...makefile.matchAll(/^([a-z][\w-]*):/gm)].map(([, name = '']) => name)
  const phony = /^\.PHONY: (.*)$/m.exec(makefile)?.[1]?.split(' ') ?? []
  assert.deepEqual(targets.toSorted(), phony.toSorted())
  assert.deepEqual(
    PROMISED.filter((name) => !targets.includes(name)),
    [],
  )
  const { stdout } = await run(['make', 'help'], { cwd: root, env: ALONE })
  const lines = stdout.trim().split('\n')
  for (const target of targets)
    assert.ok(
      lines.some((line) => new RegExp(`^\\s*make ${target}\\s+\\S+ \\S+`).test(line)),
      `${target} is not in make help`,
    )
  assert.equal((await run(['make'], { cwd: root, env: ALONE })).stdout, stdout)
})

test('targets run what they say, after they have installed what is missing (GUN-066, GUN-067, GUN-068, GUN-069, KIT-21)', {
  skip,
}, async () => {
  assert.deepEqual((await commandsOf('install')).map(trim), ['scripts/install.mts'])
  const runs = {
    'quick-test': './system_test.mts --quick',
    'system-test': './system_test.mts --full',
    'ci-test': './system_test.mts --ci',
    'force-test': './system_test.mts --full --force',
    test: 'scripts/test.mts',
  }
  for (const [target, command] of Object.entries(runs)) {
    const commands = (await commandsOf(target)).map(trim)
    assert.deepEqual([commands[0], commands.at(-1)], ['scripts/install.mts', command])
  }
  const [, more] = await commandsOf('quick-test', "ARGS=--only 'metrics in Redis'")
  assert.equal(more, "./system_test.mts --quick --only 'metrics in Redis'")
  assert.deepEqual((await commandsOf('clean')).map(trim), ['scripts/clean.mts'])
})

test('make lint and make format are the same tool, once looking and once writing (GUN-028)', {
  skip,
}, async () => {
  const [[lint], [format]] = await Promise.all([commandsOf('lint'), commandsOf('format')])
  assert.match(lint ?? '', /biome check \.$/)
  assert.match(format ?? '', /biome check --write \.$/)
})

test('the output says that all dependencies are installed, and which (GUN-069, GUN-087, GUN-180)', {
  skip,
}, async () => {
  const look = [join(root, 'scripts', 'install.mts'), '--offline']
  const { code, stdout, stderr } = await run(look)
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^all dependencies installed: redis-server \d.*prometheus \d.*gunicorn==23\.0\.0/m)
  const lacking = await run(look, { env: { REDIS_BIN: '/no/such/redis' } })
  assert.deepEqual([lacking.code, lacking.stdout], [3, ''])
  assert.match(lacking.stderr, /REDIS_BIN=\/no\/such\/redis does not exist/)
})

/** A script that starts a service and waits; what it started outlives it when both it and its watchdog are killed. */
const DIES = `
import { service, start } from './src/index.ts'
const [, , token] = process.argv
await start(service({ name: 'forever', run: ['sleep', token], port: 'none', ready: 'started' }))
process.stdout.write('started\\n')
setInterval(() => {}, 1000)
`

test('make clean ends what a killed run left, by its ledger, and nobody else (GUN-070)', {
  skip,
}, async () => {
  await using project = await copyProject()
  const script = await writeIn(project.path, 'dies.mts', DIES)
  const state = join(project.path, 'state')
  const token = String(100_000_000 + process.pid)
  const env = { ...ALONE, SHAKEDOWN_STATE: state }
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const stranger = spawn('sleep', [token.replace(/^1/, '2')])
  const runner = spawn(process.execPath, [script, token], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(runner.stdout, 'data')
    const [left = 0] = pidsOf(`sleep ${token}`)
    const killed = [...pidsOf('watchdog.mts').filter((pid) => isWatchdogOf(pid, state)), runner.pid ?? 0]
    assert.ok(killed.length > 1, 'its watchdog was found')
    for (const pid of killed) process.kill(pid, 'SIGKILL')
    await until('both are gone', () => !killed.some(isRunning))
    assert.ok(isRunning(left), 'its service lives on')
    const { code, stdout, stderr } = await run(['make', 'clean'], { cwd: project.path, env })
    assert.equal(code, 0, stderr)
    assert.match(stdout, /forever|sleep/)
    await until('its service has ended', () => !isRunning(left))
    assert.ok(isRunning(stranger.pid ?? 0), 'a stranger of the same name lives on')
  } finally {
    for (const pid of pidsOf(`sleep ${token}`)) process.kill(pid, 'SIGKILL')
    stranger.kill('SIGKILL')
    runner.kill('SIGKILL')
  }
})

function isWatchdogOf(pid: number, state: string): boolean {
  return pidsOf(state).includes(pid)
}

function trim(line: string): string {
  return line.trim()
}
