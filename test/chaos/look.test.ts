import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { runChaos } from '../../scripts/chaos/chaos.ts'
import { placeDecoys } from '../../scripts/chaos/decoys.ts'
import { createRandom } from '../../scripts/chaos/random.ts'
import { strike } from '../../scripts/chaos/strike.ts'
import { openWorld } from '../../scripts/chaos/world.ts'
import { makeFolder } from '../scripts/project.ts'
import { isRunning, until } from '../service/until.ts'
import { withoutWorlds } from './worlds.ts'

// The look that finds nothing after a run proves something only if it finds what is there.
const skip = await withoutWorlds()
const ESCAPES = 'env -i setsid sh -c "exec sleep 7778" > /dev/null 2>&1 &'

describe('the look at what a run leaves', { skip }, () => {
  for (const [what, leaves, told] of [
    ['a process without group, parent and environment', ESCAPES, /^runs: \d+ sleep 7778 /],
    ['a file', 'touch "$TMPDIR/left"', /^is there: tmp\/left$/],
    ['shared memory', 'touch /dev/shm/left', /^is there: \/dev\/shm\/left$/],
    ['a segment of System V', 'ipcmk -M 100 > /dev/null', /^is there: sysvipc\/shm \d+$/],
    ['a red end where it was to be green', 'exit 3', /^it was to be green: exit code 3/],
  ] as const) {
    test(`finds ${what}`, async () => {
      await using world = await openWorld()
      const command = ['sh', '-c', leaves]
      const { wrong } = await strike(world, { kind: 'kill', after: 60_000, command, next: [], patience: 200 })
      assert.equal(wrong.length, 1, wrong.join())
      assert.match(wrong[0] ?? '', told)
    })
  }

  test('finds who still listens', async () => {
    await using world = await openWorld()
    const [program = '', ...words] = [...world.inside, process.execPath]
    const code = "require('node:http').createServer().listen(8088, '127.0.0.1')"
    spawn(program, [...words, '-e', code], { stdio: 'ignore' })
    await until('it listens', async () => (await world.things()).includes('tcp 127.0.0.1:8088'))
    assert.equal(world.pids().length, 1)
  })

  test('sees that a run was not clean when it does not say that it was interrupted', async () => {
    await using world = await openWorld()
    const command = ['sh', '-c', 'trap "exit 5" INT; while :; do sleep 0.1; done']
    const { wrong } = await strike(world, { kind: 'int', after: 500, command, next: [], patience: 200 })
    assert.match(wrong.join(), /it did not end at once/)
  })

  test('refuses a command that is not good when nobody disturbs it', async () => {
    const { signal } = new AbortController()
    const chaos = { times: 1, kinds: ['kill'], seed: 1, jobs: 1, next: [], signal, tell: () => {} } as const
    await assert.rejects(
      runChaos({ ...chaos, command: ['sh', '-c', 'exit 3'] }, () => {}),
      /undisturbed run is not good/,
    )
  })
})

test('what belongs to others is compared byte for byte', { skip }, async () => {
  await using world = await openWorld()
  const decoys = await placeDecoys(world)
  assert.deepEqual(await decoys.differences(), [])
  assert.deepEqual([world.pids(), await world.things()], [[], []])
  appendFileSync(join(world.folder, 'tmp/shakedown-decoy/notes.txt'), 'x')
  assert.match((await decoys.differences()).join(), /tmp\/shakedown-decoy\/notes\.txt \w+$/)
  const [program = '', ...words] = [...world.inside, 'redis-cli', 'DEL', 'shakedown-decoy']
  spawn(program, words, { stdio: 'ignore' })
  await until('its data is seen to differ', async () =>
    (await decoys.differences()).some((line) => line.startsWith('redis ')),
  )
})

test('a world is gone with everything in it', { skip }, async () => {
  const world = await openWorld()
  await placeDecoys(world)
  await world[Symbol.asyncDispose]()
  assert.equal(existsSync(world.folder), false)
  await until('nobody is in it', () => world.pids().length === 0)
})

test('a world is gone with whoever opened it', { skip }, async () => {
  const file = join(import.meta.dirname, '../../scripts/chaos/world.ts')
  const opens = `
    import { spawn } from 'node:child_process'
    const { openWorld } = await import(${JSON.stringify(file)})
    const { inside } = await openWorld()
    const child = spawn(inside[0], [...inside.slice(1), 'sleep', '7786'], { detached: true, stdio: 'ignore' })
    setTimeout(() => process.stdout.write(String(child.pid)), 200)`
  // Its folder stays: whoever is killed removes nothing.
  await using folder = await makeFolder()
  const opener = spawn(process.execPath, ['--input-type=module', '--eval', opens], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder.path },
  })
  const [pid] = await once(opener.stdout, 'data')
  opener.kill('SIGKILL')
  await until('what ran in it is gone', () => !isRunning(Number(pid)))
})

test('moments are the same for the same seed, and spread over everything', () => {
  const draw = (seed: number) => {
    const next = createRandom(seed)
    return Array.from({ length: 1000 }, () => next())
  }
  assert.deepEqual(draw(7), draw(7))
  assert.notDeepEqual(draw(7), draw(8))
  const tenths = new Set(draw(7).map((value) => Math.floor(value * 10)))
  assert.equal(tenths.size, 10)
})
