import { formatDuration } from '../duration.ts'
import type { Outcome } from '../event.ts'
import { criticalChain } from './critical.ts'
import { type FailureResult, failuresOf } from './failures.ts'
import { fence, inline, table } from './markdown.ts'
import { requirementsOf } from './requirements.ts'
import { rerunCommand } from './rerun.ts'
import { keptOf, type RunResult, scenariosOf, stepsOf } from './result.ts'
import type { Told } from './told.ts'

/** GitHub refuses a step's summary above 1024 KiB as a whole; other reports of the same step want room too. */
const MOST_BYTES = 1000 * 1024
const MARKS: Readonly<Record<Outcome, string>> = {
  passed: '✅',
  failed: '❌',
  skipped: '⚪',
  interrupted: '🟣',
}

/** The summary of a job as GitHub shows it, in Markdown: to be appended to the file that `GITHUB_STEP_SUMMARY` names. */
export function renderJobSummary(told: Told): string {
  return bound(sectionsOf(told))
}

/** The sections as far as they fit; the first ones are what a reader needs most. */
function bound(sections: readonly string[]): string {
  const cut = '\n_More would not fit here: it is in the results._\n'
  let text = ''
  for (const section of sections) {
    if (Buffer.byteLength(text) + Buffer.byteLength(section) > MOST_BYTES - cut.length) return text + cut
    text += section
  }
  return text
}

function sectionsOf(told: Told): readonly string[] {
  const { result } = told
  return [
    describeVerdict(result),
    ...failuresOf(result).map((failure) => describeFailure(failure, told)),
    describeScenarios(result),
    describeRequirements(result),
    describeList(
      'Known findings',
      result.findings.map(({ id, reason }) => `**${inline(id)}** ${inline(reason)}`),
    ),
    describeDoubt(result),
    describeList(
      'Left out',
      result.skipped.map(({ what, reason }) => `${inline(what)}: ${inline(reason)}`),
    ),
    describeList(
      'Left behind',
      result.leaks.map(({ what, detail }) => `${inline(what)} ${inline(detail)}`),
    ),
    describeChain(result),
  ].filter((section) => section !== '')
}

function describeVerdict(result: RunResult): string {
  const scenarios = scenariosOf(result)
  const passed = scenarios.filter(({ outcome }) => outcome === 'passed').length
  const time = formatDuration(result.seconds * 1000)
  const mark = !result.finished ? MARKS.interrupted : result.exit === 0 ? MARKS.passed : MARKS.failed
  const mode = inline(String(result.mode['name'] ?? ''))
  const end = result.finished ? `exit ${result.exit}` : 'the run ended abruptly'
  const causes = result.causes.map((cause) => `- ${inline(cause)}\n`).join('')
  return `## ${mark} shakedown ${mode}: ${passed} of ${scenarios.length} scenarios passed in ${time}, ${end}\n\n${causes}\n`
}

function describeFailure({ path, error, part }: FailureResult, { result, evidence }: Told): string {
  const log = part === undefined ? [] : evidence.linesOf(part)
  const kept = part === undefined ? undefined : keptOf(result, part)
  const folder =
    kept === undefined ? '' : `Evidence: ${kept.files.length} files in ${inline(kept.folder)}\n\n`
  const again = part === undefined ? '' : `Again:\n\n${fence(rerunCommand(result, path[0] ?? ''))}\n`
  const lines =
    log.length === 0
      ? ''
      : `<details><summary>Last log lines</summary>\n\n${fence(log.join('\n'))}\n</details>\n\n`
  return `### ${MARKS.failed} ${path.map(inline).join(' › ')}\n\n${fence(error.message)}\n${lines}${folder}${again}`
}

function describeScenarios(result: RunResult): string {
  const rows = scenariosOf(result).map((scenario) => {
    const steps = stepsOf([scenario])
    const held = steps.filter(({ outcome }) => outcome === 'passed').length
    const time = formatDuration(scenario.seconds * 1000)
    const { outcome, title, script, claims } = scenario
    return [MARKS[outcome], inline(title), inline(script), `${held} of ${steps.length}`, String(claims), time]
  })
  return rows.length === 0
    ? ''
    : `${table(['', 'scenario', 'script', 'steps passed', 'claims', 'time'], rows)}\n`
}

function describeRequirements(result: RunResult): string {
  const all = [...requirementsOf(result)]
  if (all.length === 0) return ''
  const proven = all.filter(([, { outcome }]) => outcome === 'passed').length
  const rows = all
    .filter(([, { outcome }]) => outcome !== 'passed')
    .map(([id, { outcome, reason }]) => [inline(id), `${MARKS[outcome]} ${outcome}`, inline(reason ?? '')])
  const rest = rows.length === 0 ? '' : table(['requirement', 'outcome', 'why'], rows)
  return `**${proven} of ${all.length} requirements proven**\n\n${rest}\n`
}

function describeDoubt({ doubted }: RunResult): string {
  if (doubted === undefined) return ''
  const { noticed, unnoticed, score, open } = doubted
  const rows = open.map(({ outcome, reading, words, at }) => [
    outcome,
    inline(`${reading} ${words}`),
    inline(at),
  ])
  const rest = rows.length === 0 ? '' : table(['outcome', 'if', 'where'], rows)
  return `**${noticed} of ${noticed + unnoticed} falsified readings noticed, ${score} %**\n\n${rest}\n`
}

function describeList(title: string, items: readonly string[]): string {
  const different = [...new Set(items)]
  return different.length === 0 ? '' : `**${title}**\n\n${different.map((item) => `- ${item}\n`).join('')}\n`
}

function describeChain(result: RunResult): string {
  const chain = criticalChain(result)
  if (chain === undefined) return ''
  const rows = chain.links
    .filter(({ kind, began, ended }) => kind !== 'between' && ended - began >= result.seconds * 10)
    .map(({ kind, what, step, began, ended }) => [
      formatDuration(ended - began),
      kind,
      inline(step === undefined || step === what ? what : `${step}: ${what}`),
    ])
  if (rows.length === 0) return ''
  return `<details><summary>What the run waited for</summary>\n\n${table(['time', '', 'what'], rows)}\n</details>\n`
}
