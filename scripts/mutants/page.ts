import type { Fault } from './fault.ts'
import type { FirstFailure } from './story.ts'
import { escapeCell } from './table.ts'
import type { Verdict } from './variant.ts'

/** As much of a message as a row has room for. */
const LONGEST = 150
const HEAD = '| fault | step that failed | its message begins | quick, s | full, s |\n|---|---|---|---|---|'
const TABLE = /^\| fault \| step that failed .*\n\|-.*\n(?:\|.*\n)*/m

/** What a row says after the fault's name: where it failed, the message, and seconds in either mode. */
type Cells = Readonly<Record<'where' | 'message' | 'quick' | 'full', string>>

/**
 * The page with the newest verdicts in its table: one row for each fault, in their groups; rows of faults that were not run
 * stay, and so does what a quick run said where this one was in full mode. Throws where the page has no such table.
 */
export function mergeTable(
  page: string,
  verdicts: readonly Verdict[],
  { faults, mode }: { readonly faults: readonly Fault[]; readonly mode: 'quick' | 'full' },
): string {
  const old = readRows(TABLE.exec(page)?.[0])
  const rows = faults.flatMap(({ name, group }, index) => {
    const cells = update(
      old.get(name),
      verdicts.find((verdict) => verdict.name === name),
      mode,
    )
    const head = group === faults[index - 1]?.group ? [] : [`| **${group}** | | | | |`]
    return [...head, `| \`${name}\` | ${cells.where} | ${cells.message} | ${cells.quick} | ${cells.full} |`]
  })
  return page.replace(TABLE, () => `${[HEAD, ...rows].join('\n')}\n`)
}

function readRows(table: string | undefined): ReadonlyMap<string, Cells> {
  if (table === undefined) throw new Error(`the page has no table that begins with ${HEAD}`)
  const rows = [...table.matchAll(/^\| `(\w+)` \| (.*) \| (.*) \| (.*?) \| (.*?) \|$/gm)]
  return new Map(
    rows.map(([, name = '', where = '', message = '', quick = '', full = '']) => [
      name,
      { where, message, quick, full },
    ]),
  )
}

function update(old: Cells | undefined, verdict: Verdict | undefined, mode: 'quick' | 'full'): Cells {
  const before = old ?? { where: '', message: '', quick: '', full: '' }
  if (verdict === undefined) return before
  const { failure, verdict: word, seconds } = verdict
  const took = word === 'caught' ? String(Math.round(seconds)) : `**${word}**`
  if (failure === undefined || (mode === 'full' && before.where !== '')) return { ...before, [mode]: took }
  return { ...before, where: showWhere(failure), message: showMessage(failure), [mode]: took }
}

/** The step, and of which part of the main job it is. */
function showWhere({ where }: FirstFailure): string {
  const [script = '', ...titles] = where.split(' › ')
  return escapeCell(`${titles.at(-1) ?? where} (${script.replace('exporter_', '')})`)
}

function showMessage({ title, seen }: FirstFailure): string {
  const message = [title, seen].filter((text) => text !== '').join(' — ')
  return escapeCell(message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message)
}
