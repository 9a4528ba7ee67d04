import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { launch } from '../../scripts/chaos/command.ts'
import { lookAtRest } from '../../scripts/chaos/rest.ts'
import { openWorld, type World } from '../../scripts/chaos/world.ts'
import { root } from '../scripts/project.ts'
import { withoutWorlds } from './worlds.ts'

// A machine on which something is missing: a clear error and its exit code, or a run that does without; never a leftover.
const skip = await withoutWorlds()
const SCRIPT = [process.execPath, join(root, 'fixtures/stories/proves_little.mts')]

describe('a machine with', { skip }, () => {
  test('no room for ledgers and leases: says so, starts nothing', async () => {
    await using world = await openWorld()
    await mount(world, 'state', 'size=4k')
    const { code, text } = await run(world, { env: { SHAKEDOWN_STATE: join(world.folder, 'state') } })
    assert.equal(code, 3, text)
    assert.match(
      text,
      /there is no room for services: \S+ cannot be used\n\s+last\s+ENOSPC.*\n\s+hint .*SHAKEDOWN_STATE=/,
    )
  })

  test('a full temporary folder: says so, starts nothing', async () => {
    await using world = await openWorld()
    await mount(world, 'tmp', 'size=4k')
    const { code, text } = await run(world)
    assert.equal(code, 3, text)
    assert.match(text, /ENOSPC/)
  })

  test('no room for the results: the run goes on, and is not green', async () => {
    await using world = await openWorld()
    await mount(world, 'results', 'size=8k')
    const { code, text } = await run(world)
    assert.equal(code, 3, text)
    assert.match(text, /the event log is incomplete: ENOSPC/)
  })

  test('a folder for results that is read-only: says so, starts nothing', async () => {
    await using world = await openWorld()
    await mount(world, 'results', 'ro')
    const { code, text } = await run(world)
    assert.equal(code, 3, text)
    assert.match(
      text,
      /results cannot be written to \S+\n\s+last\s+EROFS.*\n(?:.*\n)?\s+hint\s+choose another folder: --results DIR/,
    )
  })

  test('a home that is read-only: green', async () => {
    await using world = await openWorld()
    await mount(world, 'home', 'ro')
    const { code, text } = await run(world, { env: { HOME: join(world.folder, 'home') } })
    assert.equal(code, 0, text)
  })

  for (const files of [20, 24, 28, 32, 40, 48]) {
    test(`no more than ${files} open files: says so or is green, leaves nothing`, async () => {
      await using world = await openWorld()
      const { code, text } = await run(world, { before: ['prlimit', `--nofile=${files}`] })
      assert.ok(code === 0 || /EMFILE|too many open files/i.test(text), `${code} ${text}`)
    })
  }

  test('no /proc: says so, starts nothing', async () => {
    await using world = await openWorld()
    await inside(world, ['mount', '-t', 'tmpfs', 'none', '/proc'])
    const { code, text } = await run(world)
    assert.equal(code, 3, text)
    assert.match(text, /the table of processes cannot be read.*\n\s+last\s+\/proc is not mounted\n/)
  })
})

/** Puts a file system of its own on a folder of the world. */
async function mount(world: World, name: string, options: string): Promise<void> {
  const folder = join(world.folder, name)
  await inside(world, ['mkdir', '-p', folder])
  await inside(world, ['mount', '-t', 'tmpfs', '-o', options, 'none', folder])
}

async function inside(world: World, command: readonly string[]): Promise<void> {
  const [program = '', ...words] = [...world.inside, ...command]
  await promisify(execFile)(program, words)
}

interface Wishes {
  readonly env?: NodeJS.ProcessEnv
  readonly before?: readonly string[]
}

async function run(
  world: World,
  { env = {}, before = [] }: Wishes = {},
): Promise<{ code: number | null; text: string }> {
  await world.settle()
  const { child, exited, output } = launch(world, [...before, ...SCRIPT], env)
  await exited
  const text = await output
  const { wrong } = await lookAtRest(world, 10_000)
  assert.deepEqual(wrong, [], text)
  return { code: child.exitCode, text }
}
