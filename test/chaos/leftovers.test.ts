import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Command, launch } from '../../scripts/chaos/command.ts'
import { placeDecoys } from '../../scripts/chaos/decoys.ts'
import { chooseVictims } from '../../scripts/chaos/kinds.ts'
import { kill, killAtOnce, lookAtRest } from '../../scripts/chaos/rest.ts'
import { openWorld, type World } from '../../scripts/chaos/world.ts'
import { copyProject, root } from '../scripts/project.ts'
import { until } from '../service/until.ts'
import { withoutWorlds } from './worlds.ts'

const skip = await withoutWorlds()
const RUNNER = [process.execPath, join(root, 'fixtures/programs/runs_services.mts')]
const ZOO = ['forks_and_setsids.sh', 'daemonises_redis.sh', 'daemonises_nginx.sh']

test('runner and watchdog killed at once: make clean ends what is left, and touches nothing of others', {
  skip,
}, async () => {
  await using project = await copyProject()
  await using world = await openWorld()
  const decoys = await placeDecoys(world)
  const { child, exited } = await startUp(world)
  await until('it is settled', () => world.pids().length >= 12)
  killAtOnce(chooseVictims('all', child.pid ?? 0, world.pids()))
  await exited
  assert.ok(world.pids().length >= 8, 'its services live on')
  const clean = launch(world, [process.execPath, join(project.path, 'scripts/clean.mts')])
  await clean.exited
  assert.match(await clean.output, /of a run that had died \(.*\): ended .*redis-server.*\n/)
  assert.deepEqual((await lookAtRest(world, 0)).wrong, [])
  assert.deepEqual(await decoys.differences(), [])
})

test('a run that is under way is not touched by make clean, nor by another run', { skip }, async () => {
  await using project = await copyProject()
  await using world = await openWorld()
  const { child, exited } = await startUp(world)
  await until('it is settled', () => world.pids().length >= 12)
  const before = world.pids()
  await launch(world, [process.execPath, join(project.path, 'scripts/clean.mts')]).exited
  await launch(world, [...RUNNER, 'exit', '7784']).exited
  await until('the other one is gone', () => world.pids().every((pid) => before.includes(pid)))
  assert.deepEqual(world.pids(), before)
  kill(child.pid ?? 0, 'SIGTERM')
  await exited
  assert.deepEqual((await lookAtRest(world)).wrong, [])
})

test('eight runs side by side are all green, and leave nothing', { skip }, async () => {
  await using world = await openWorld()
  const decoys = await placeDecoys(world)
  const runs = Array.from({ length: 8 }, (_, index) =>
    launch(world, [...RUNNER, 'return', `779${index}`, ...ZOO]),
  )
  await Promise.all(runs.map(({ exited }) => exited))
  const ends = await Promise.all(
    runs.map(async ({ child, output }) => [child.exitCode, await output] as const),
  )
  assert.deepEqual(
    ends.filter(([code]) => code !== 0),
    [],
  )
  assert.deepEqual((await lookAtRest(world)).wrong, [])
  assert.deepEqual(await decoys.differences(), [])
})

/** Starts a run, and waits until everything in it is up. */
async function startUp(world: World): Promise<Command> {
  const run = launch(world, [...RUNNER, 'wait', '7782', ...ZOO])
  let said = ''
  run.child.stdout?.on('data', (chunk) => {
    said += chunk
  })
  await until('it is up', () => said.includes('up '))
  return run
}
