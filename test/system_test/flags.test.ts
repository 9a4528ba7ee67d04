import assert from 'node:assert/strict'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { MODES, type Mode } from '../../src/mode.ts'
import { freePort } from '../../src/service/evict.ts'
import { startServer } from '../redis/server.ts'
import { makeFolder, root, run } from '../scripts/project.ts'
import { GENTLY, interrupt, SHORT, systemTest } from './command.ts'
import { openNetwork, withoutNetwork } from './network.ts'

const skip = await withoutNetwork()
const PROGRAM = join(root, 'system_test.mts')
const DETAILS = [
  /missing starts: .*gunicorn --config/,
  /missing │ .*Configuration file not found/,
  /✓ start of missing .*Configuration file not found/,
]
const COLOURS = '\u001b['

test('what is not understood is exit 2 with the nearest right word, before anything starts (GUN-075)', async () => {
  const mistakes = {
    '--qick': /unknown flag: --qick\n.*did you mean --quick\?/,
    '--dokker': /unknown flag: --dokker\n.*did you mean --docker\?/,
    '--quick --ci': /--quick and --ci do not go together/,
    '--timeout soon': /--timeout soon is no duration\n.*'30s'/,
    '--repeat none': /--repeat none\n.*a whole number from 1 on/,
    '--only': /--only needs a value/,
    quick: /not understood: quick/,
    '--quick --tag p9': /p9/,
  }
  for (const [line, message] of Object.entries(mistakes)) {
    const { code, text, runs } = await systemTest(line.split(' '))
    assert.equal(code, 2, `${line}: ${text}`)
    assert.match(text, message)
    const started = runs.flat().filter(({ kind }) => kind === 'service:starting')
    assert.deepEqual(started, [])
  }
})

test('without a flag it is full, and DEBUG=1 shows every claim and every line of every service (GUN-074, GUN-141, GUN-170)', {
  skip,
}, async () => {
  await using network = await openNetwork()
  const { code, text, runs } = await systemTest(SHORT, { network, env: { DEBUG: '1' } })
  assert.equal(code, 0, text)
  assert.match(text, /^shakedown full mode/)
  assert.equal(runs[0]?.find((event) => event.kind === 'run:start')?.mode['ttl'], '30.0s')
  const quiet = await systemTest(SHORT, { network })
  for (const detail of DETAILS) {
    assert.match(text, detail)
    assert.doesNotMatch(quiet.text, detail)
  }
})

test('where nothing else runs, full mode brings everything up where it is documented (GUN-086, GUN-173)', {
  skip,
}, async () => {
  await using network = await openNetwork()
  const { text } = await interrupt(['--full', '--only', 'metrics in Redis'], {
    ...{ network, env: GENTLY, signal: 'SIGTERM' },
    when: /Redis, gunicorn and Prometheus come up {2}\d/,
  })
  for (const listening of [
    / redis ready in .* 127\.0\.0\.1:6379$/m,
    / app ready in .* 127\.0\.0\.1:8088 {2}metrics 127\.0\.0\.1:9093$/m,
    / prometheus ready in .* 127\.0\.0\.1:9090$/m,
  ])
    assert.match(text, listening)
})

test('--ci looks at what full looks at, with the same numbers, and is strict (GUN-011, GUN-098)', async () => {
  const { name: _, strict, ...ci } = MODES.ci
  const { name: __, strict: lenient, ...full } = MODES.full
  assert.deepEqual(ci, full)
  assert.deepEqual([strict, lenient], [true, false])
  const [inCi, inFull] = await Promise.all(['--ci', '--full'].map((flag) => systemTest([flag, '--list'])))
  assert.match(inCi?.text ?? '', /metrics in Redis/)
  assert.equal(inCi?.text, inFull?.text)
  const steps = await run(['git', 'grep', '-hoE', 'modes: \\[.*\\]', '--', 'e2e/integration'], { cwd: root })
  assert.deepEqual([...new Set(steps.stdout.trim().split('\n'))], ["modes: ['full', 'ci']"])
  const other = await run(['git', 'grep', '-hE', "mode\\.name [!=]== '(full|ci)'", '--', 'e2e/integration'], {
    cwd: root,
  })
  assert.equal(other.stdout, '', 'no script tells --ci from full by itself')
})

test('--ci without a terminal or in one has no colours, and groups in GitHub (GUN-101)', {
  skip,
}, async () => {
  await using network = await openNetwork()
  const env = { GITHUB_ACTIONS: 'true' }
  const [ci, quick, github] = await Promise.all([
    inTerminal('--ci', network.inside),
    inTerminal('--quick', network.inside),
    systemTest(['--quick', ...SHORT], { network, env }),
  ])
  assert.ok(quick.includes(COLOURS), quick)
  assert.match(ci, /shakedown ci mode/)
  assert.ok(!ci.includes(COLOURS), ci)
  assert.equal(github.code, 0, github.text)
  assert.match(github.text, /^::group::.*refuses a configuration[\s\S]*^::endgroup::$/m)
})

test('--ci ends after its deadline in order, says so to GitHub, and leaves nothing (GUN-011, GUN-099, GUN-100, GUN-101)', {
  skip,
}, async () => {
  await using network = await openNetwork()
  const { code, text, runs } = await systemTest(['--ci', '--timeout', '6s'], {
    network,
    env: { GITHUB_ACTIONS: 'true' },
  })
  assert.equal(code, 124, text)
  assert.match(text, /the run took longer than 6\.0s/)
  assert.match(text, /^::error /m)
  const events = runs[0] ?? []
  const starting = events.flatMap((event) => (event.kind === 'service:starting' ? [event.service] : []))
  assert.ok(starting.length > 0, 'something was under way')
  const end = events.findLast((event) => event.kind === 'run:end')
  assert.deepEqual([end?.exit, events.filter(({ kind }) => kind === 'leak')], [124, []])
  await network.expectOnly()
})

test('Ctrl-C tears down, says 130, and leaves nothing (GUN-011, GUN-100)', { skip }, async () => {
  await using network = await openNetwork()
  const { code, text } = await interrupt(['--ci', '--only', 'metrics in files'], {
    network,
    when: /files ready in/,
    signal: 'SIGINT',
  })
  assert.equal(code, 130, text)
  assert.match(text, /interrupted by SIGINT/)
  await network.expectOnly()
})

test('in --ci a skip fails the run unless it was allowed by name (GUN-098)', async () => {
  await using server = await startServer()
  const [app, metrics] = [await freePort(), await freePort()]
  const env = {
    REDIS_PORT: server.address.split(':')[1],
    APP_PORT: String(app),
    PROMETHEUS_METRICS_PORT: String(metrics),
  }
  const args = ['--ci', '--no-redis', '--only', 'goes away']
  const refused = await systemTest(args, { env })
  assert.equal(refused.code, 1, refused.text)
  assert.match(refused.text, /with --no-redis the Redis belongs to somebody else/)
  const allowed = await systemTest([...args, '--allow-skip', 'belongs to somebody else'], { env })
  assert.equal(allowed.code, 0, allowed.text)
})

test('it is an executable from any directory, through links and names with blanks (KIT-20)', async () => {
  await using folder = await makeFolder()
  await mkdir(join(folder.path, 'a b'))
  const link = join(folder.path, 'a b', 'the test')
  await symlink(PROGRAM, link)
  const { code, text } = await systemTest(['--quick', ...SHORT], { program: link, cwd: folder.path })
  assert.equal(code, 0, text)
  assert.match(text, /shakedown quick mode/)
})

test('--help, --version, --list and --doctor say what they say, and start nothing (GUN-060)', async () => {
  const [help, version, list, doctor] = await Promise.all(
    ['--help', '--version', '--list', '--doctor'].map((flag) => systemTest([flag])),
  )
  for (const flag of ['--no-redis', '--force', '--ci', 'APP_PORT', 'exit codes'])
    assert.match(help?.text ?? '', new RegExp(flag))
  assert.match(version?.text ?? '', /^\d+\.\d+\.\d+\n$/)
  assert.match(list?.text ?? '', /e2e\/integration\/exporter_redis\.mts\n.*metrics in Redis.*p0/)
  assert.match(doctor?.text ?? '', /^ok +redis-server +\d/m)
  assert.deepEqual(
    [help, version, list, doctor].map((one) => one?.runs.length),
    [0, 0, 0, 0],
  )
})

test('quick waits for seconds where full waits for a minute, and quick_test is its name (GUN-076, GUN-177)', async () => {
  const waits = ({ ttl, load }: Mode) => ttl.seconds + load.seconds
  assert.ok(waits(MODES.quick) <= 3)
  assert.ok(waits(MODES.full) >= 45)
  const { code, text, runs } = await systemTest(SHORT, { program: join(root, 'quick_test.mts') })
  assert.equal(code, 0, text)
  assert.match(text, /^shakedown quick mode/)
  const end = runs[0]?.findLast((event) => event.kind === 'run:end')
  assert.ok(end !== undefined && end.seconds < 60, `it took ${end?.seconds} s`)
})

test('two runs at once are both green, and --repeat runs everything again (GUN-011)', async () => {
  const [one, other] = await Promise.all([
    systemTest(['--quick', '--only', 'metrics in files'], { env: GENTLY }),
    systemTest(['--quick', '--only', 'metrics in files'], { env: GENTLY }),
  ])
  assert.equal(one.code, 0, one.text)
  assert.equal(other.code, 0, other.text)
  const repeated = await systemTest(['--quick', ...SHORT, '--repeat', '2'])
  assert.equal(repeated.code, 0, repeated.text)
  assert.match(repeated.text, /^round 2 of 2$/m)
  assert.equal(repeated.runs.length, 2)
})

/** What a person sees in a terminal. */
async function inTerminal(flag: string, inside: readonly string[]): Promise<string> {
  await using folder = await makeFolder()
  const line = [PROGRAM, flag, '--only', 'refuses', '--results', folder.path].map((word) => `'${word}'`)
  const env = { TERM: 'xterm-256color', GITHUB_ACTIONS: undefined, CI: undefined, NO_COLOR: undefined }
  const { stdout } = await run(
    [...inside, 'script', '--quiet', '--return', '--command', line.join(' '), '/dev/null'],
    {
      env,
    },
  )
  return stdout
}
