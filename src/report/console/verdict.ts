import { formatDuration } from '../../duration.ts'
import type { Outcome } from '../../event.ts'
import { toOneLine } from '../clean.ts'
import { failuresOf } from '../failures.ts'
import type { Names } from '../names.ts'
import { rerunCommand } from '../rerun.ts'
import { type RunResult, scenariosOf, stepsOf } from '../result.ts'
import { describeExceptions, describeProof, describeShutdown } from './proof.ts'
import { row } from './row.ts'
import { count, type Style } from './style.ts'
import { describeTimes } from './times.ts'

/** How the end of a run is told. */
export interface SummaryOptions {
  readonly style: Style
  readonly names: Names
  readonly columns: number
}

/** The end of a run: what failed, what was proven, what was left out, where the time went, and one line with the verdict. */
export function describeSummary(result: RunResult, options: SummaryOptions): string {
  const lines = [
    ...describeFailures(result, options),
    ...describeUnfinished(result, options),
    ...describeProof(result, options),
    ...describeExceptions(result, options),
    ...describeShutdown(result, options),
    ...describeTimes(result, options),
    ...(result.results === undefined ? [] : row('results', [result.results], options)),
    ...describeCauses(result, options),
    '',
    describeVerdict(result, options),
  ]
  return `\n${lines.join('\n')}\n`
}

/** Each failure once more in three lines: its whole story stands above, where it happened. */
function describeFailures(result: RunResult, options: SummaryOptions): readonly string[] {
  const { style, names } = options
  return failuresOf(result).flatMap(({ script, path, error, part }) => {
    const name = names.all.length < 2 ? [] : [names.nameOf(script)]
    const title = [...name, ...path].map(toOneLine).join(` ${style.signs.path} `)
    const scenario = part === undefined ? undefined : path[0]
    return [
      `${style.paint('red', style.signs.failed)} ${style.paint('bold', title)}`,
      `    ${toOneLine(error.title)}`,
      ...(error.at === undefined ? [] : [`    ${style.paint('cyan', error.at)}`]),
      ...(scenario === undefined
        ? []
        : [`    ${style.paint('dim', 'again:')} ${rerunCommand(result, scenario)}`]),
      '',
    ]
  })
}

/** What was under way when the log of the run stopped. */
export function describeUnfinished(result: RunResult, options: SummaryOptions): readonly string[] {
  if (result.finished) return []
  const parts = scenariosOf(result).filter((scenario) => !scenario.finished)
  const inner = parts.map(
    (part) => [part, ...stepsOf([part]).filter((step) => !step.finished)].at(-1) ?? part,
  )
  const { style, names } = options
  const titles = inner.map(
    ({ script, title }) => `${names.nameOf(script)} ${style.signs.path} ${toOneLine(title)}`,
  )
  return titles.length === 0 ? [] : row('under way', titles, options)
}

/** The causes of the exit code that no failure above has told. */
export function describeCauses(result: RunResult, options: SummaryOptions): readonly string[] {
  const told = failuresOf(result).map(({ error }) => error.title)
  const rest = result.causes.filter((cause) => !told.some((title) => cause.endsWith(title)))
  return rest.length === 0 ? [] : row('because', rest.map(toOneLine), options)
}

/** The verdict on one line: how it ended, in words, with the time and the exit code. */
export function describeVerdict(result: RunResult, { style }: SummaryOptions): string {
  const { paint } = style
  const time = formatDuration(result.seconds * 1000)
  if (!result.finished)
    return paint(['bold', 'magenta'], `${sign('interrupted', style)}the run ended abruptly after ${time}`)
  const scenarios = scenariosOf(result)
  const exit = paint('dim', `exit ${result.exit}`)
  if (result.exit === 0) {
    const skipped = scenarios.filter((scenario) => scenario.outcome === 'skipped').length
    const what = `${count(scenarios.length - skipped, 'scenario')}${skipped === 0 ? '' : `, ${skipped} skipped,`} in ${time}`
    return `${paint(['bold', 'green'], `${sign('passed', style)}passed`)}  ${what}`
  }
  if (result.exit !== undefined && result.exit > 128) {
    return `${paint(['bold', 'magenta'], `${sign('interrupted', style)}interrupted`)} after ${time}  ${exit}`
  }
  const failed = scenarios.filter((scenario) => scenario.outcome === 'failed').length
  const what = failed === 0 ? '' : `  ${failed} of ${count(scenarios.length, 'scenario')}`
  return `${paint(['bold', 'red'], `${sign('failed', style)}${wordFor(result.exit)}`)}${what} in ${time}  ${exit}`
}

/** A sign in front of a word; where signs are words the verdict's own is enough. */
function sign(outcome: Outcome, { signs }: Style): string {
  return signs[outcome].length === 1 ? `${signs[outcome]} ` : ''
}

function wordFor(exit: number | undefined): string {
  const words = new Map([
    [2, 'wrong usage'],
    [3, 'not ready to run'],
    [4, 'passed, but left something behind'],
    [99, 'crossed a threshold'],
    [124, 'took too long'],
  ])
  return words.get(exit ?? 1) ?? 'failed'
}
