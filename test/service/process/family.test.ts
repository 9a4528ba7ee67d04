import '../own-state.ts'
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, describe, test } from 'node:test'
import {
  birthmarkOf,
  isMarkOfRun,
  readBirthmark,
  withBirthmark,
} from '../../../src/service/process/birthmark.ts'
import { type Family, findFamily, isOlder } from '../../../src/service/process/family.ts'
import { identify } from '../../../src/service/process/identity.ts'
import { sweep } from '../../../src/service/process/sweep.ts'
import { isRunning, until } from '../until.ts'

const RUN = 'ab'.repeat(16)
const OTHER = 'cd'.repeat(16)
const since = identify(process.pid)?.start ?? ''
const children: ChildProcess[] = []
const isLinux = process.platform === 'linux'

after(() => {
  for (const child of children) child.kill('SIGKILL')
})

describe('who belongs to a run', () => {
  test('who has its id in the environment, also nested', async () => {
    const plain = await run(['sleep', '1120'], { SHAKEDOWN_RUN: RUN })
    const nested = await run(['sleep', '1120'], { SHAKEDOWN_RUN: `${OTHER}:${RUN}` })
    const decoy = await run(['sleep', '1120'], { SHAKEDOWN_RUN: OTHER })
    const near = await run(['sleep', '1120'], { SHAKEDOWN_RUNS: RUN, OTHER: `SHAKEDOWN_RUN=${RUN}` })
    const found = pidsIn({ run: RUN, known: [], since })
    assert.deepEqual(only(found, [plain, nested, decoy, near]), [plain, nested])
  })

  test('who was born with its mark, whatever became of its environment', { skip: !isLinux }, async () => {
    const marked = await run([...withBirthmark(birthmarkOf(RUN, 1)), 'env', '-i', 'sleep', '1120'])
    const decoy = await run([...withBirthmark(birthmarkOf(OTHER, 1)), 'env', '-i', 'sleep', '1120'])
    await until('they are what they will be', () =>
      [marked, decoy].every((pid) => readBirthmark(pid) !== undefined),
    )
    assert.deepEqual(only(pidsIn({ run: RUN, known: [], since }), [marked, decoy]), [marked])
    const service = (mark: bigint): Family => ({ run: RUN, known: [], since, service: { name: 'x', mark } })
    assert.deepEqual(only(pidsIn(service(birthmarkOf(RUN, 1))), [marked]), [marked])
    assert.deepEqual(only(pidsIn(service(birthmarkOf(RUN, 2))), [marked]), [])
  })

  test('who is in the group of one that was launched, also when that one is gone', async () => {
    const shell = spawn('sh', ['-c', 'sleep 1120 & echo $!; read wait'], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    children.push(shell)
    const [text] = await once(shell.stdout, 'data')
    const [leader, member] = [shell.pid ?? 0, Number(text)]
    const known = identify(leader)
    assert.ok(known)
    const stranger = { ...known, start: String(Number(known.start) - 1000) }
    assert.deepEqual(only(pidsIn({ run: RUN, known: [known], since }), [leader, member]), [leader, member])
    assert.deepEqual(
      only(pidsIn({ run: RUN, known: [stranger], since }), [leader, member]),
      [],
      'the pid was given away',
    )
    shell.stdin.end()
    await once(shell, 'exit')
    assert.deepEqual(only(pidsIn({ run: RUN, known: [known], since }), [leader, member]), [member])
    const { ended } = await sweep({ run: RUN, known: [known], since })
    assert.ok(ended.some(({ pid }) => pid === member))
    assert.ok(!isRunning(member))
  })

  test('nobody by a ledger of another boot, or of a pid that somebody else has now', async () => {
    const decoy = await run(['sleep', '1120'])
    const identity = identify(decoy)
    assert.ok(identity)
    const known = [
      { ...identity, boot: 'another boot' },
      { ...identity, start: '1' },
    ]
    assert.deepEqual(only(pidsIn({ run: RUN, known, since }), [decoy]), [])
    const { ended } = await sweep({ run: RUN, known, since })
    assert.deepEqual(ended, [])
    assert.ok(isRunning(decoy))
  })

  test('nobody that is older than the run', async () => {
    const old = await run(['sleep', '1120'], { SHAKEDOWN_RUN: RUN })
    const later = String(Number(identify(old)?.start) + 1)
    assert.deepEqual(only(pidsIn({ run: RUN, known: [], since: later }), [old]), [])
  })

  test('never this process, its ancestors or pid 1, even when all proofs say so', () => {
    const known = [process.pid, process.ppid, 1].flatMap((pid) => identify(pid) ?? [])
    assert.deepEqual(only(pidsIn({ run: RUN, known, since: '0' }), [process.pid, process.ppid, 1]), [])
  })
})

test('a mark tells its run, and no other', () => {
  assert.ok(isMarkOfRun(birthmarkOf(RUN, 0), RUN))
  assert.ok(isMarkOfRun(birthmarkOf(RUN, 4095), RUN))
  assert.ok(!isMarkOfRun(birthmarkOf(RUN, 5), OTHER))
  assert.ok(birthmarkOf('f'.repeat(32), 4095) < 1n << 62n)
})

test('start times are compared as ticks, and as the dates of ps', () => {
  assert.ok(isOlder('99', '100'))
  assert.ok(!isOlder('100', '100'))
  assert.ok(isOlder('Fri Nov 21 09:59:59 2026', 'Fri Nov 21 10:00:00 2026'))
})

async function run(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const [program = '', ...args] = words
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: 'ignore',
    detached: true,
  })
  children.push(child)
  await once(child, 'spawn')
  return child.pid ?? 0
}

function pidsIn(family: Family): readonly number[] {
  return findFamily(family).map(({ pid }) => pid)
}

function only(found: readonly number[], of: readonly number[]): readonly number[] {
  return of.filter((pid) => found.includes(pid))
}
