import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { runChaos } from '../../scripts/chaos/chaos.ts'
import { root } from '../scripts/project.ts'
import { withoutWorlds } from './worlds.ts'

// What macOS has, on Linux: everything but a process that left group, parent and environment is found all the same.
const skip = await withoutWorlds()
const ZOO = ['double_forks.sh', 'forks_stubborn_workers.sh', 'ignores_term.sh']
const AS_UNIX = [
  'env',
  'SHAKEDOWN_SYSTEM=unix',
  process.execPath,
  join(root, 'fixtures/programs/runs_services.mts'),
]

for (const kind of ['kill', 'int', 'all'] as const) {
  test(`${kind}: with nothing but ps, no process, file or lease is left`, { skip }, async (t) => {
    const blows = await runChaos(
      {
        times: 3,
        kinds: [kind],
        seed: Date.now() % 100_000,
        jobs: 1,
        command: [...AS_UNIX, 'return', '7781', ...ZOO],
        next: [...AS_UNIX, 'exit', '1'],
        signal: new AbortController().signal,
        tell: t.diagnostic.bind(t),
      },
      ({ goneAfter, strike: { after } }) =>
        t.diagnostic(`after ${after} ms: gone after ${Math.round(goneAfter)} ms`),
    )
    assert.deepEqual(
      blows.flatMap(({ wrong }) => wrong),
      [],
    )
  })
}
