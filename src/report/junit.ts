import { relative } from 'node:path'
import { type Case, classnameOf } from './case.ts'
import { casesOf } from './cases.ts'
import type { RunResult, ServiceResult } from './result.ts'
import type { Told } from './told.ts'
import { type Element, renderXml } from './xml.ts'

/**
 * `junit.xml` as GitLab and Jenkins read it: a suite a script, unique names, file and line, the failure as message and
 * as text, the last log lines and one attachment as system-out.
 */
export function renderJunit(told: Told): string {
  return renderXml(describeRun(told))
}

function describeRun({ result, evidence }: Told): Element {
  const cases = casesOf(result)
  const files = new Set(cases.map(({ script }) => script))
  const suites = [...files].map((file) => {
    const own = cases.filter((one) => one.script === file)
    return describeSuite(file, own, { result, evidence })
  })
  return {
    name: 'testsuites',
    attributes: { name: 'shakedown', tests: cases.length, time: result.seconds.toFixed(3) },
    children: suites,
  }
}

/** Of the run itself, which is no script, there may be a suite as well. */
function describeSuite(file: string, cases: readonly Case[], context: Told): Element {
  const script = context.result.scripts.find((one) => one.file === file)
  const { began, seconds } = script ?? context.result
  return {
    name: 'testsuite',
    attributes: {
      name: classnameOf(file),
      ...countCases(cases),
      time: seconds.toFixed(3),
      timestamp: new Date(began).toISOString().slice(0, 19),
      file: file === '' ? undefined : file,
    },
    children: [
      describeProperties(propertiesOf(script?.services ?? [], context.result)),
      ...cases.map((one) => describeCase(one, context)),
    ],
  }
}

function countCases(cases: readonly Case[]): Readonly<Record<string, number>> {
  const amount = (name: string) => cases.filter((one) => verdictOf(one)?.name === name).length
  return {
    tests: cases.length,
    failures: amount('failure'),
    errors: amount('error'),
    skipped: amount('skipped'),
  }
}

function propertiesOf(
  services: readonly ServiceResult[],
  result: RunResult,
): readonly (readonly [string, string])[] {
  const versions = services.flatMap(({ service, version }) =>
    version === undefined ? [] : [[`version.${service}`, version] as const],
  )
  return [
    ['command', result.command.join(' ')],
    ...Object.entries(result.mode).map(([key, value]) => [`mode.${key}`, String(value)] as const),
    ...Object.entries(result.machine).map(([key, value]) => [`machine.${key}`, String(value)] as const),
    ...new Map(versions),
  ]
}

function describeProperties(properties: readonly (readonly [string, string])[]): Element {
  return {
    name: 'properties',
    children: properties.map(([name, value]) => ({ name: 'property', attributes: { name, value } })),
  }
}

function describeCase(one: Case, context: Told): Element {
  const { name, classname, file, line, seconds, proves } = one
  const verdict = verdictOf(one)
  const output = outputOf(one, context)
  const properties = [
    ...proves.map((id) => ['requirement', id] as const),
    ...(one.flaky ? [['flaky', 'true'] as const] : []),
  ]
  return {
    name: 'testcase',
    attributes: { name, classname, file, line, time: seconds.toFixed(3) },
    children: [
      ...(properties.length === 0 ? [] : [describeProperties(properties)]),
      ...(verdict === undefined ? [] : [verdict]),
      ...(output === '' ? [] : [{ name: 'system-out', text: output }]),
    ],
  }
}

/** GitLab takes an attachment only of a `failure`, so `error` is only for what never came to its end. */
function verdictOf({ outcome, finished, errors, reason }: Case): Element | undefined {
  if (!finished) {
    const message = 'the run ended abruptly while this was under way'
    return { name: 'error', attributes: { message, type: 'abrupt' }, text: message }
  }
  if (outcome === 'passed') return undefined
  if (outcome === 'skipped') return { name: 'skipped', attributes: { message: reason ?? '' } }
  const [first] = errors
  const message = first?.title ?? outcome
  const text = errors.map((error) => error.message).join('\n\n')
  return { name: 'failure', attributes: { message, type: first?.code ?? outcome }, text: text || message }
}

function outputOf(one: Case, { result, evidence }: Told): string {
  const findings = one.findings.map(({ id, reason, seen }) => `known finding ${id}: ${reason} (saw ${seen})`)
  if (one.outcome !== 'failed' || one.part === undefined) return findings.join('\n')
  const lines = evidence.linesOf(one.part)
  const folder = result.results === undefined ? undefined : relative(process.cwd(), result.results)
  const attachment =
    folder === undefined ? [] : [`[[ATTACHMENT|${folder.replaceAll('\\', '/')}/report.html]]`]
  return [...findings, ...lines, ...attachment].join('\n')
}
