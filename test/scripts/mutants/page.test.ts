import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inExporter } from '../../../scripts/mutants/groups.ts'
import { mergeTable } from '../../../scripts/mutants/page.ts'
import type { Verdict } from '../../../scripts/mutants/variant.ts'

const HEAD = '| fault | step that failed | its message begins | quick, s | full, s |\n|---|---|---|---|---|'
const faults = [
  ...inExporter('counters', ['redis'], ['counts_twice', 'counts_late']),
  ...inExporter('page', ['files'], ['page_is_cut']),
]
const PAGE = `# Mutants

${HEAD}
| **counters** | | | | |
| \`counts_twice\` | counts (redis) | rose by 6 | 9 | 31 |
| \`was_removed\` | counts (redis) | rose by 6 | 9 |  |

After it.
`

function verdictOf(name: string, verdict: Verdict['verdict'], title?: string): Verdict {
  const where = 'exporter_files › metrics in files › scrapes | reads'
  const failure =
    title === undefined
      ? undefined
      : { where, title, seen: 'expected 3 · last 6', message: title, proves: [], time: 1 }
  return { name, verdict, exit: 1, seconds: 12.4, failure }
}

test('puts what was run into the table, in its group, and keeps what was not', () => {
  const verdicts = [verdictOf('page_is_cut', 'caught', 'not a page'), verdictOf('no_fault', 'green')]
  assert.equal(
    mergeTable(PAGE, verdicts, { faults, mode: 'quick' }),
    `# Mutants

${HEAD}
| **counters** | | | | |
| \`counts_twice\` | counts (redis) | rose by 6 | 9 | 31 |
| \`counts_late\` |  |  |  |  |
| **page** | | | | |
| \`page_is_cut\` | scrapes \\| reads (files) | not a page — expected 3 · last 6 | 12 |  |

After it.
`,
  )
})

test('a full run adds its seconds to what a quick one said', () => {
  const merged = mergeTable(PAGE, [verdictOf('counts_twice', 'caught', 'rose')], { faults, mode: 'full' })
  assert.match(merged, /^\| `counts_twice` \| counts \(redis\) \| rose by 6 \| 9 \| 12 \|$/m)
})

test('a fault that nobody noticed is told as that, and a second writing changes nothing', () => {
  const merged = mergeTable(PAGE, [verdictOf('counts_twice', 'missed')], { faults, mode: 'quick' })
  assert.match(merged, /^\| `counts_twice` \| counts \(redis\) \| rose by 6 \| \*\*missed\*\* \| 31 \|$/m)
  assert.equal(mergeTable(merged, [], { faults, mode: 'quick' }), merged)
})

test('refuses a page without the table', () => {
  assert.throws(() => mergeTable('# Mutants\n', [], { faults, mode: 'quick' }), /has no table/)
})
