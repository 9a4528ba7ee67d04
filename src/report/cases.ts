import type { ErrorRecord, Outcome } from '../event.ts'
import { errorOf, errorsOf } from './failures.ts'
import {
  type Finding,
  type Part,
  type RunResult,
  type ScenarioResult,
  type StepResult,
  stepsOf,
} from './result.ts'

/** One test as other tools count them: an outermost step, or all of a scenario that is outside of its steps. */
export interface Case {
  readonly script: string
  /** `e2e.integration.redis`: folders and script, as packages and class. */
  readonly classname: string
  /** Unique in the run: the scenario and the step, `metrics in Redis › Prometheus agrees`. */
  readonly name: string
  readonly file: string
  readonly line: number | undefined
  readonly outcome: Outcome
  /** False for one that was under way when the log of the run stopped. */
  readonly finished: boolean
  readonly began: number
  readonly seconds: number
  readonly errors: readonly ErrorRecord[]
  readonly reason: string | undefined
  readonly tags: readonly string[]
  readonly proves: readonly string[]
  readonly findings: readonly Finding[]
  /** What happened in it; undefined for what was left out before it began. */
  readonly part: Part | undefined
  /** Passed, while the same test failed in another round of this run. */
  readonly flaky: boolean
}

/**
 * The tests of a run. A step and not a scenario, so that a list of tests says what holds and what does not; only
 * outermost steps, so that times add up; and one for each scenario, always, so that a failed teardown has its place
 * and no test appears only when it fails.
 */
export function casesOf(result: RunResult): readonly Case[] {
  const cases = result.scripts.flatMap((script) =>
    script.scenarios.flatMap((scenario) => [
      caseOfScenario(scenario, result),
      ...scenario.steps.map((step) => caseOfStep(step, scenario, result)),
      ...skippedIn(scenario, result),
    ]),
  )
  return nameApart(markFlaky(cases))
}

function caseOfScenario(scenario: ScenarioResult, result: RunResult): Case {
  const inSteps = scenario.steps.reduce((sum, step) => sum + step.seconds, 0)
  const errors = errorsOf(scenario)
  // A scenario that failed only because a step did has passed for its own part.
  const failedInSteps = scenario.outcome === 'failed' && errors.length === 0
  return {
    ...placeOf(scenario, scenario.at),
    name: scenario.title,
    outcome: failedInSteps ? 'passed' : scenario.outcome,
    finished: scenario.finished,
    began: scenario.began,
    seconds: Math.max(0, scenario.seconds - inSteps),
    errors,
    reason: scenario.reason,
    tags: scenario.tags,
    proves: [],
    findings: findingsIn([scenario.id], scenario, result),
    part: scenario,
    flaky: false,
  }
}

function caseOfStep(step: StepResult, scenario: ScenarioResult, result: RunResult): Case {
  const all = [step, ...stepsOf([step])]
  return {
    ...placeOf(step, step.at),
    name: step.path.join(' › '),
    outcome: step.outcome,
    finished: step.finished,
    began: step.began,
    seconds: step.seconds,
    errors: all.flatMap((inner) => errorOf(inner) ?? []),
    reason: step.reason,
    tags: scenario.tags,
    proves: [...new Set(all.flatMap((inner) => inner.proves))],
    findings: findingsIn(
      all.map(({ id }) => id),
      scenario,
      result,
    ),
    part: step,
    flaky: false,
  }
}

/** What was left out before it began; what was skipped while it ran is a step with that outcome. */
function skippedIn(scenario: ScenarioResult, result: RunResult): readonly Case[] {
  const titles = new Set(scenario.steps.map(({ title }) => title))
  const skipped = result.skipped.filter(
    (one) =>
      one.script === scenario.script &&
      one.scenario === scenario.id &&
      one.what !== scenario.title &&
      !titles.has(one.what),
  )
  return skipped.map(({ what, reason, proves, at }) => ({
    ...placeOf(scenario, at),
    name: `${scenario.title} › ${what}`,
    outcome: 'skipped',
    finished: true,
    began: scenario.began,
    seconds: 0,
    errors: [],
    reason,
    tags: scenario.tags,
    proves,
    findings: [],
    part: undefined,
    flaky: false,
  }))
}

function findingsIn(ids: readonly string[], scenario: ScenarioResult, result: RunResult): readonly Finding[] {
  return result.findings.filter(
    ({ script, scenario: id, step }) =>
      script === scenario.script && id === scenario.id && ids.includes(step ?? scenario.id),
  )
}

function placeOf(part: Part, at: string | undefined): Pick<Case, 'script' | 'classname' | 'file' | 'line'> {
  const [, file = part.script, line] = /^(.*):(\d+)$/.exec(at ?? '') ?? []
  return {
    script: part.script,
    classname: classnameOf(part.script),
    file: file.replaceAll('\\', '/'),
    line: line === undefined ? undefined : Number(line),
  }
}

/** The name that a script has as a class: dots for slashes, no ending. */
export function classnameOf(script: string): string {
  const parts = script.replace(/\.[cm]?[jt]s$/, '').split(/[\\/]/)
  return parts
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map((part) => part.replaceAll('.', '_'))
    .join('.')
}

function markFlaky(cases: readonly Case[]): readonly Case[] {
  const failed = new Set(cases.filter(({ outcome }) => outcome === 'failed').map(keyOf))
  return cases.map((one) => ({ ...one, flaky: one.outcome === 'passed' && failed.has(keyOf(one)) }))
}

/** Of two tests with one name readers count only the first. */
function nameApart(cases: readonly Case[]): readonly Case[] {
  const rounds = new Map<string, number>()
  return cases.map((one) => {
    const round = (rounds.get(keyOf(one)) ?? 0) + 1
    rounds.set(keyOf(one), round)
    return round === 1 ? one : { ...one, name: `${one.name} (${round})` }
  })
}

function keyOf({ classname, name }: Case): string {
  return `${classname}\n${name}`
}
