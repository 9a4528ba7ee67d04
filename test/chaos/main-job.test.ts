import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { runChaos } from '../../scripts/chaos/chaos.ts'
import { root } from '../scripts/project.ts'
import { withoutWorlds } from './worlds.ts'

// Once each, so that every run of the tests has a few real ones. More of them: make chaos N=20
const SEED = Number(process.env['CHAOS_SEED'] ?? Date.now() % 100_000)
const KINDS = ['kill', 'int', 'term'] as const
const skip = await withoutWorlds()

test(`${KINDS}: the main job in quick mode leaves nothing, beside decoys (seed ${SEED})`, {
  skip,
}, async (t) => {
  const command = [join(root, 'system_test.mts'), '--quick']
  const blows = await runChaos(
    {
      times: 1,
      kinds: KINDS,
      seed: SEED,
      jobs: 1,
      command,
      next: [],
      signal: new AbortController().signal,
      tell: t.diagnostic.bind(t),
    },
    ({ strike: { kind, after }, goneAfter }) =>
      t.diagnostic(`${kind} after ${after} ms: gone after ${Math.round(goneAfter)} ms`),
  )
  assert.deepEqual(
    blows.flatMap(({ wrong, strike: { kind, after } }) =>
      wrong.map((what) => `${kind} after ${after} ms: ${what}`),
    ),
    [],
  )
})
