import { formatDuration } from '../../duration.ts'
import type { Outcome } from '../../event.ts'
import { toOneLine } from '../clean.ts'
import { requirementsOf } from '../requirements.ts'
import { type Part, type RunResult, scenariosOf, servicesOf, stepsOf } from '../result.ts'
import { row } from './row.ts'
import { count, type Style } from './style.ts'
import { unionOf } from './times.ts'

interface Options {
  readonly style: Style
  readonly columns: number
}

const OUTCOMES: readonly Outcome[] = ['passed', 'failed', 'interrupted', 'skipped']
/** More ids than this fill the screen; all of them are in the results. */
const IDS_SHOWN = 12

/** What was proven: requirements, scenarios, steps and claims, counted by how they ended. */
export function describeProof(result: RunResult, options: Options): readonly string[] {
  const scenarios = scenariosOf(result)
  const steps = stepsOf(scenarios)
  const { met, missed, known, looks } = result.claims
  const claims = [
    `${met} held`,
    ...(missed === 0 ? [] : [`${missed} did not`]),
    ...(known === 0 ? [] : [`${known} known to fail`]),
    count(looks, 'look'),
  ]
  return [
    ...describeRequirements(result, options),
    ...row('scenarios', [describeOutcomes(scenarios)], options),
    ...(steps.length === 0 ? [] : row('steps', [describeOutcomes(steps)], options)),
    ...row('claims', [claims.join(', ')], options),
  ]
}

/** What is to be known although it fails nothing: known findings and what was left out, each with its reason. */
export function describeExceptions(result: RunResult, options: Options): readonly string[] {
  const { style } = options
  const findings = result.findings.map(({ id, reason }) => `${id} ${style.signs.dash} ${toOneLine(reason)}`)
  const skipped = result.skipped.map(
    ({ what, reason }) => `${toOneLine(what)} ${style.signs.dash} ${toOneLine(reason)}`,
  )
  return [
    ...(findings.length === 0 ? [] : row(style.paint('yellow', 'findings'), unique(findings), options)),
    ...(skipped.length === 0 ? [] : row(style.paint('yellow', 'skipped'), unique(skipped), options)),
  ]
}

/** How it ended for the services: stopped, killed, or left behind. */
export function describeShutdown(result: RunResult, options: Options): readonly string[] {
  const { paint } = options.style
  const lives = servicesOf(result)
  if (lives.length === 0 && result.leaks.length === 0) return []
  const stops = lives.flatMap(({ stopping, stopped }) =>
    stopping === undefined || stopped === undefined ? [] : [{ began: stopping, ended: stopped }],
  )
  const forced = lives.filter((life) => life.forced).map(({ service }) => service)
  const died = lives
    .filter(({ exit, ready }) => ready !== undefined && exit?.expected === false)
    .map(({ service }) => service)
  const parts = [
    ...(stops.length === 0
      ? []
      : [`${count(stops.length, 'service')} stopped in ${formatDuration(unionOf(stops))}`]),
    ...(died.length === 0 ? [] : [paint('red', `${died.join(', ')} had died`)]),
    ...(forced.length === 0 ? [] : [paint('yellow', `${forced.join(', ')} had to be killed`)]),
    ...describeLeftovers(result, options),
  ]
  if (parts.length === 0) return []
  const leaks = result.leaks.map(({ what, detail }) => paint('red', toOneLine(`${what} ${detail}`)))
  return row('shutdown', [parts.join(', '), ...leaks], options)
}

/** Of a run that ended abruptly nobody knows. */
function describeLeftovers(result: RunResult, { style }: Options): readonly string[] {
  if (result.leaks.length > 0) return [style.paint('red', `${result.leaks.length} left behind`)]
  return result.finished ? ['nothing left behind'] : []
}

function describeRequirements(result: RunResult, options: Options): readonly string[] {
  const all = requirementsOf(result)
  if (all.size === 0) return []
  const texts = OUTCOMES.flatMap((outcome) => {
    const ids = [...all].filter(([, requirement]) => requirement.outcome === outcome).map(([id]) => id)
    if (ids.length === 0) return outcome === 'passed' ? ['none'] : []
    return outcome === 'passed'
      ? [count(ids.length, 'requirement')]
      : [`${ids.length} ${outcome}: ${list(ids)}`]
  })
  return row('proven', texts, options)
}

function list(ids: readonly string[]): string {
  const more = ids.length - IDS_SHOWN
  return more > 0 ? `${ids.slice(0, IDS_SHOWN).join(', ')} and ${more} more` : ids.join(', ')
}

function describeOutcomes(parts: readonly Part[]): string {
  const counts = OUTCOMES.map(
    (outcome) => [outcome, parts.filter((part) => part.outcome === outcome).length] as const,
  )
  return (
    counts.flatMap(([outcome, amount]) => (amount === 0 ? [] : [`${amount} ${outcome}`])).join(', ') || 'none'
  )
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)]
}
