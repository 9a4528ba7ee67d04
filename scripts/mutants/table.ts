import type { Fault } from './fault.ts'
import { describeFault } from './injection.ts'
import type { Verdict } from './variant.ts'

const SIGN = { caught: '✓', green: '✓', missed: '✗', idle: '?', early: '?', red: '✗' } as const

/** One line for the terminal: the fault, what became of it, where, and the message's first line. */
export function showVerdict({ name, verdict, seconds, failure, exit }: Verdict): string {
  const head = `${SIGN[verdict]} ${name.padEnd(42)} ${verdict.padEnd(6)} ${seconds.toFixed(1).padStart(6)}s`
  if (verdict === 'idle') return `${head}  the fault was never in effect: it must be mended`
  const alarm = verdict === 'early' ? 'a false alarm, before the fault was in effect: ' : ''
  if (failure === undefined)
    return verdict === 'early' ? `${head}  a false alarm: it ended with ${exit}, and nothing failed` : head
  const lines = [failure.title, failure.seen].filter((line) => line !== '')
  return [`${head}  ${alarm}${failure.where}`, ...lines.map((line) => `${' '.repeat(60)}${line}`)].join('\n')
}

/** How many of each kind, in a sentence; the control apart. */
export function countVerdicts(verdicts: readonly Verdict[]): string {
  const faults = verdicts.filter(({ verdict }) => verdict !== 'green' && verdict !== 'red')
  const of = (wanted: Verdict['verdict']) => verdicts.filter(({ verdict }) => verdict === wanted).length
  const control = of('red') > 0 ? ', and the control is red' : ''
  const idle = of('idle') > 0 ? `, ${of('idle')} never in effect` : ''
  const early = of('early') > 0 ? `, ${of('early')} false alarms` : ''
  return `${of('caught')} of ${faults.length} faults caught${idle}${early}${control}`
}

/** The table as Markdown, for docs/mutants.md. */
export function writeTable(verdicts: readonly Verdict[], faults: readonly Fault[]): string {
  const rows = verdicts.map((verdict) => {
    const fault = faults.find(({ name }) => name === verdict.name)
    const about = fault === undefined ? 'The system as it is.' : describeFault(fault)
    const { where = '', title = '', seen = '' } = verdict.failure ?? {}
    const message = [title, seen].filter((text) => text !== '').join(' — ')
    const cells = [fault?.group ?? 'control', verdict.name, about, verdict.verdict, where, message]
    return `| ${[...cells.map(escapeCell), verdict.seconds.toFixed(1)].join(' | ')} |`
  })
  return [
    '| group | fault | what a user sees | verdict | by | the message begins | seconds |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** Text that may stand in a cell of a table. */
export function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;')
}
