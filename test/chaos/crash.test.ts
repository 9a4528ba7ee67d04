import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { launch } from '../../scripts/chaos/command.ts'
import { lookAtRest } from '../../scripts/chaos/rest.ts'
import { readStory, type Story } from '../../scripts/chaos/story.ts'
import { listFiles, openWorld, type World } from '../../scripts/chaos/world.ts'
import { root } from '../scripts/project.ts'
import { withoutWorlds } from './worlds.ts'

// Every way in which a runner ends without being told to, with programs that left group, parent and environment.
const skip = await withoutWorlds()
const SCRIPT = join(root, 'fixtures/stories/goes_wrong.mts')
const COMMAND = join(root, 'src/cli/main.mts')

/** How it goes wrong, and how a script that is run by hand ends. */
const WAYS = [
  ['throws', 1],
  ['rejects', 1],
  ['exits', 1],
  ['runs out of stack', 1],
  ['runs out of memory', 'SIGABRT'],
  ['aborts', 'SIGABRT'],
] as const

describe('a script that goes wrong leaves nothing, by what the kernel says', { skip }, () => {
  for (const [how, end] of WAYS) {
    test(`by hand: ${how}`, async () => {
      await using world = await openWorld()
      const { ended, story } = await run(world, how, [SCRIPT])
      assert.equal(ended, end)
      const last = story.events.findLast(({ kind }) => kind === 'run:end')
      assert.equal(last?.exit, end === 1 ? 1 : undefined)
    })
  }

  for (const how of ['exits', 'runs out of memory'] as const) {
    test(`by the runner: ${how}, and the run goes on to its reports`, async () => {
      await using world = await openWorld()
      const { ended, story } = await run(world, how, [COMMAND, 'run', SCRIPT])
      assert.equal(ended, 1)
      assert.equal(story.events.findLast(({ kind }) => kind === 'run:end')?.exit, 1)
      assert.ok(listFiles(join(world.folder, 'results')).some((name) => name.endsWith('junit.xml')))
    })
  }
})

interface Run {
  readonly ended: number | NodeJS.Signals | null
  readonly story: Story
}

async function run(world: World, how: string, words: readonly string[]): Promise<Run> {
  const env = { HOW: how, MARK: '7779', NODE_OPTIONS: '--max-old-space-size=80' }
  const { child, exited, output } = launch(world, [process.execPath, ...words], env)
  await exited
  const { wrong } = await lookAtRest(world)
  assert.deepEqual(wrong, [], await output)
  const story = readStory(join(world.folder, 'results'))
  assert.deepEqual(story.broken, [])
  assert.ok(
    story.events.some(({ kind }) => kind === 'service:ready'),
    await output,
  )
  return { ended: child.exitCode ?? child.signalCode, story }
}
