import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { runChaos } from '../../scripts/chaos/chaos.ts'
import type { Kind } from '../../scripts/chaos/kinds.ts'
import { root } from '../scripts/project.ts'
import { withoutWorlds } from './worlds.ts'

// More of it by hand: make chaos N=100 KIND=kill, and the seed that is printed says it again.
const TIMES = Number(process.env['CHAOS'] ?? 4)
const SEED = Number(process.env['CHAOS_SEED'] ?? Date.now() % 100_000)
const ZOO = [
  'forks_and_setsids.sh',
  'forks_stubborn_workers.sh',
  'daemonises_redis.sh',
  'daemonises_nginx.sh',
]
const RUNNER = [process.execPath, join(root, 'fixtures/programs/runs_services.mts')]
const NEXT = [...RUNNER, 'exit', '1']
const skip = await withoutWorlds()

describe('a run that is ended at any moment leaves nothing, by what the kernel says', { skip }, () => {
  const all = ['kill', 'int', 'term', 'hup', 'watchdog', 'all'] as const
  test(`${all}: a script with the whole zoo, ${TIMES} times each (seed ${SEED})`, async (t) => {
    const command = [...RUNNER, 'return', '7777', ...ZOO]
    await strikeAt(all, { times: TIMES, command, tell: t.diagnostic.bind(t) })
  })

  test(`kill,int: a scenario with a folder of its own, ${TIMES} times each (seed ${SEED})`, async (t) => {
    const command = [process.execPath, join(root, 'fixtures/stories/proves_little.mts')]
    await strikeAt(['kill', 'int'], { times: TIMES, command, tell: t.diagnostic.bind(t) })
  })
})

interface Wanted {
  readonly times: number
  readonly command: readonly string[]
  tell(line: string): void
}

/** How long it takes is told and not judged: the machine may be busy with other tests. */
async function strikeAt(kinds: readonly Kind[], { times, command, tell }: Wanted): Promise<void> {
  const { signal } = new AbortController()
  const chaos = { times, kinds, seed: SEED, jobs: 1, command, next: NEXT, signal, tell }
  const blows = await runChaos(chaos, ({ strike: { kind, after }, goneAfter, limit }) => {
    // After `all` it is the next run that cleans: its start takes time.
    if (goneAfter > limit && kind !== 'all')
      tell(`${kind} after ${after} ms: gone after ${Math.round(goneAfter)} ms`)
  })
  assert.equal(blows.length, times * kinds.length)
  assert.deepEqual(
    blows.flatMap(({ wrong, strike: { kind, after } }) =>
      wrong.map((what) => `${kind} after ${after} ms: ${what}`),
    ),
    [],
  )
}
