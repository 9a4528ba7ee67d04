import { relative } from 'node:path'
import type { Outcome } from '../event.ts'
import type { Case } from './case.ts'
import { casesOf } from './cases.ts'
import { cleanDeep } from './clean.ts'
import { keptOf, type Part, type RunResult, type StepResult } from './result.ts'
import type { Told } from './told.ts'

/** `ctrf.json`, the common test report format: the tests of `junit.xml` as JSON, with their steps. */
export function renderCtrf(told: Told): string {
  return `${JSON.stringify(describeRun(told), undefined, 2)}\n`
}

type Status = 'passed' | 'failed' | 'skipped' | 'pending' | 'other'

const STATUSES: Readonly<Record<Outcome, Status>> = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  interrupted: 'other',
}

function describeRun(told: Told): object {
  const { result } = told
  const cases = casesOf(result)
  const stop = Math.round(result.began + result.seconds * 1000)
  return cleanDeep({
    reportFormat: 'CTRF',
    specVersion: '1.0.0',
    ...(result.run === '' ? {} : { runId: result.run }),
    timestamp: new Date(stop).toISOString(),
    generatedBy: 'shakedown',
    results: {
      tool: { name: 'shakedown' },
      summary: { ...countCases(cases), suites: result.scripts.length, start: Math.round(result.began), stop },
      tests: cases.map((one) => describeCase(one, told)),
      environment: describeEnvironment(result),
    },
  })
}

function countCases(cases: readonly Case[]): Readonly<Record<string, number>> {
  const amount = (status: Status) => cases.filter(({ outcome }) => STATUSES[outcome] === status).length
  return {
    tests: cases.length,
    passed: amount('passed'),
    failed: amount('failed'),
    skipped: amount('skipped'),
    pending: 0,
    other: amount('other'),
    flaky: cases.filter(({ flaky }) => flaky).length,
  }
}

function describeCase(one: Case, { result, evidence }: Told): object {
  const { name, classname, file, line, began, seconds, outcome, tags, errors, proves, part, flaky } = one
  const message = errors[0]?.title ?? one.reason
  const inner = stepsIn(one)
  const log = part === undefined ? [] : evidence.linesOf(part)
  return {
    name,
    status: STATUSES[outcome],
    duration: Math.round(seconds * 1000),
    start: Math.round(began),
    stop: Math.round(began + seconds * 1000),
    suite: [classname],
    rawStatus: one.finished ? outcome : 'unfinished',
    filePath: file,
    ...(line === undefined ? {} : { line }),
    ...(message === undefined ? {} : { message }),
    ...(errors.length === 0 ? {} : { trace: errors.map((error) => error.message).join('\n\n') }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(proves.length === 0 ? {} : { labels: { requirement: proves } }),
    type: 'e2e',
    flaky,
    ...(log.length === 0 ? {} : { stdout: log }),
    ...(outcome === 'failed' ? { attachments: describeAttachments(result, part) } : {}),
    ...(inner.length === 0 ? {} : { steps: inner }),
  }
}

/** The steps inside of a step. A scenario's own are tests themselves. */
function stepsIn({ part }: Case): readonly object[] {
  if (part === undefined || !('path' in part)) return []
  const flatten = (step: StepResult): readonly StepResult[] => [step, ...step.steps.flatMap(flatten)]
  return part.steps.flatMap(flatten).map((step) => ({ name: step.title, status: STATUSES[step.outcome] }))
}

function describeAttachments(result: RunResult, part: Part | undefined): readonly object[] {
  if (result.results === undefined) return []
  const folder = relative(process.cwd(), result.results).replaceAll('\\', '/')
  const log = { name: 'events.ndjson', contentType: 'application/x-ndjson', path: `${folder}/events.ndjson` }
  const kept = part === undefined ? undefined : keptOf(result, part)
  const files = (kept?.files ?? []).map((name) => ({
    name,
    contentType: name.endsWith('.json') ? 'application/json' : 'text/plain',
    path: `${kept?.folder.replaceAll('\\', '/')}/${name}`,
  }))
  const page = { name: 'report.html', contentType: 'text/html', path: `${folder}/report.html` }
  return [page, log, ...files]
}

function describeEnvironment(result: RunResult): object {
  const versions = result.scripts.flatMap((script) =>
    script.services.flatMap(({ service, version }) =>
      version === undefined ? [] : [[service, version] as const],
    ),
  )
  return {
    reportName: result.run,
    testEnvironment: String(result.mode['name'] ?? ''),
    healthy: result.exit === 0,
    extra: {
      command: result.command,
      mode: result.mode,
      machine: result.machine,
      versions: Object.fromEntries(versions),
      exit: result.exit,
      causes: result.causes,
    },
  }
}
