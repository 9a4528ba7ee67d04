#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Holds the last results against the contract, row by row. See --help.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Given } from '../src/cli/flags.ts'
import { didYouMean } from '../src/nearest.ts'
import { collectProofs, type Shown } from './contract/proofs.ts'
import { readReds } from './contract/record.ts'
import { type Row, readRows } from './contract/rows.ts'
import { keepSeenRed, readSeenRed, SEEN_RED, type SeenRed } from './contract/seen-red.ts'
import { runMain } from './main.ts'

const root = join(import.meta.dirname, '..')

await runMain(
  {
    usage: 'scripts/contract.mts [flags]',
    about: `Holds the last results against the contract, row by row. Fails on a row that is neither proven nor listed as open. A row
whose proof was never seen to fail is claimed, not proven: nobody knows whether it can fail.`,
    flags: {
      all: { about: 'every row with its proofs' },
      record: {
        value: 'RESULTS',
        about: 'keep what was seen red: the folder of a run, or the tests.json of the tests of this project',
      },
      because: { value: 'TEXT', about: 'with --record: what was broken on purpose; none for a doubted run' },
    },
  },
  async (given: Given) => {
    const record = given.value('record')
    return record === undefined ? compare(given.has('all')) : keep(record, given.value('because'))
  },
)

async function compare(all: boolean): Promise<number> {
  const rows = readRows(await readFile(join(root, 'e2e', 'contract.txt'), 'utf8'))
  const shown = await collectProofs(join(root, 'results'))
  const red = readSeenRed(await readFile(SEEN_RED, 'utf8'))
  const states = rows.map((row) => {
    const proofs = shown.filter(({ id }) => id === row.id)
    const seen = red.find(({ id }) => id === row.id)
    return { row, ...judge(row, { proofs, seen }) }
  })
  for (const { row, state, why } of states) {
    if (all || (state !== 'proven' && state !== 'claimed'))
      say(`${state.padEnd(8)} ${row.id}  ${row.about}${why === '' ? '' : `\n         ${why}`}`)
  }
  const unknown = [...new Set(shown.map(({ id }) => id))].filter((id) => !rows.some((row) => row.id === id))
  for (const id of unknown)
    say(
      `unknown  ${id}: ${didYouMean(
        id,
        rows.map((row) => row.id),
      )}`,
    )
  const count = (wanted: State) => states.filter(({ state }) => state === wanted).length
  say(
    `${rows.length} rows: ${count('proven')} proven, ${count('claimed')} claimed, ${count('failed')} failed, ${count('missing')} missing, ${count('open')} open`,
  )
  const claimed = states.flatMap(({ row, state }) => (state === 'claimed' ? [row.id] : []))
  if (claimed.length > 0) say(`claimed, since their proofs were never seen red: ${claimed.join(' ')}`)
  if (!all) say('every row with its proofs: scripts/contract.mts --all')
  return count('failed') + count('missing') + unknown.length === 0 ? 0 : 1
}

async function keep(path: string, because: string | undefined): Promise<number> {
  const added = keepSeenRed(await readReds(path, because))
  for (const { id, how, by } of added) say(`${id}  ${how}  ${by}`)
  say(`${added.length} promises were seen red for the first time`)
  return 0
}

type State = 'proven' | 'claimed' | 'failed' | 'missing' | 'open'

interface Evidence {
  readonly proofs: readonly Shown[]
  readonly seen: SeenRed | undefined
}

function judge({ open }: Row, { proofs, seen }: Evidence): { readonly state: State; readonly why: string } {
  const failed = proofs.find(({ outcome }) => outcome === 'failed' || outcome === 'interrupted')
  if (failed !== undefined) return { state: 'failed', why: `${failed.by}: ${failed.reason ?? ''}` }
  const passed = proofs.filter(({ outcome }) => outcome === 'passed')
  if (passed.length > 0) {
    const by = [...new Set(passed.map((proof) => proof.by))]
    if (seen === undefined) return { state: 'claimed', why: tell([...by, 'never seen red']) }
    return { state: 'proven', why: tell([...by, `seen red by ${seen.how}: ${seen.by}`]) }
  }
  if (open !== undefined) return { state: 'open', why: open }
  const [skipped] = proofs
  return {
    state: 'missing',
    why:
      skipped === undefined ? 'nothing that ran says that it proves it' : `left out: ${skipped.reason ?? ''}`,
  }
}

function tell(lines: readonly string[]): string {
  return lines.join('\n         ')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
