import type { ErrorRecord } from '../event.ts'
import { type Case, createCase } from './case.ts'
import { errorOf, errorsOf, failuresOf } from './failures.ts'
import {
  type Finding,
  type RunResult,
  type ScenarioResult,
  type StepResult,
  scenariosOf,
  stepsOf,
} from './result.ts'

/**
 * The tests of a run. A step and not a scenario, so that a list of tests says what holds and what does not; only
 * outermost steps, so that times add up; and one for each scenario, always, so that a failed teardown has its place
 * and no test appears only when it fails.
 */
export function casesOf(result: RunResult): readonly Case[] {
  const cases = scenariosOf(result).flatMap((scenario) => casesIn(scenario, result))
  const known = [...cases, ...casesOfTeardown(result), ...casesOfLeaks(result)]
  return nameApart(markFlaky([...known, ...casesOfRun(result, known)], casesOfRetried(result)))
}

function casesIn(scenario: ScenarioResult, result: RunResult): readonly Case[] {
  return [
    caseOfScenario(scenario, result),
    ...scenario.steps.map((step) => caseOfStep(step, scenario, result)),
    ...skippedIn(scenario, result),
  ]
}

/** What failed for a transient cause before it was told again. */
function casesOfRetried(result: RunResult): readonly Case[] {
  const retried = result.scripts.flatMap(({ scenarios }) => scenarios.filter((one) => one.retried))
  return retried.flatMap((scenario) => casesIn(scenario, result))
}

function caseOfScenario(scenario: ScenarioResult, result: RunResult): Case {
  const { script, title, outcome, finished, began, seconds, reason, tags, at } = scenario
  const inSteps = scenario.steps.reduce((sum, step) => sum + step.seconds, 0)
  const errors = errorsOf(scenario)
  // A scenario that failed only because a step did has passed for its own part.
  const ownOutcome = outcome === 'failed' && errors.length === 0 ? 'passed' : outcome
  const own = { script, name: title, outcome: ownOutcome, finished, began, errors, reason, tags }
  const findings = findingsIn([scenario.id], scenario, result)
  return createCase({ ...own, seconds: Math.max(0, seconds - inSteps), findings, part: scenario }, at)
}

function caseOfStep(step: StepResult, scenario: ScenarioResult, result: RunResult): Case {
  const { script, path, outcome, finished, began, seconds, reason, at } = step
  const all = [step, ...stepsOf([step])]
  const ids = all.map(({ id }) => id)
  return createCase(
    {
      ...{ script, outcome, finished, began, seconds, reason, part: step, tags: scenario.tags },
      name: path.join(' › '),
      errors: all.flatMap((inner) => errorOf(inner) ?? []),
      proves: [...new Set(all.flatMap((inner) => inner.proves))],
      findings: findingsIn(ids, scenario, result),
    },
    at,
  )
}

/** What was left out before it began; what was skipped while it ran is a step with that outcome. */
function skippedIn(
  { script, id, title, tags, began, steps }: ScenarioResult,
  result: RunResult,
): readonly Case[] {
  const known = new Set([title, ...steps.map((step) => step.title)])
  const skipped = result.skipped.filter(
    (one) => one.script === script && one.scenario === id && !known.has(one.what),
  )
  return skipped.map(({ what, reason, proves, at }) =>
    createCase({ script, name: `${title} › ${what}`, outcome: 'skipped', began, reason, tags, proves }, at),
  )
}

function findingsIn(ids: readonly string[], scenario: ScenarioResult, result: RunResult): readonly Finding[] {
  return result.findings.filter(
    ({ script, scenario: id, step }) =>
      script === scenario.script && id === scenario.id && ids.includes(step ?? scenario.id),
  )
}

/** A teardown that failed outside of every scenario. */
function casesOfTeardown(result: RunResult): readonly Case[] {
  const outside = failuresOf(result).filter(({ part }) => part === undefined)
  const began = result.lastEvent
  return outside.map(({ script, path, error }) =>
    createCase({ script, name: `teardown: ${path.join(' › ')}`, outcome: 'failed', began, errors: [error] }),
  )
}

/** A result of its own, where anything was started that could be left behind. */
function casesOfLeaks(result: RunResult): readonly Case[] {
  if (result.leakChecks === 0) return []
  const outcome = result.leaks.length === 0 ? 'passed' : 'failed'
  const errors = result.leaks.map(({ what, detail, ended }): ErrorRecord => {
    const title = `left behind: ${what}`
    return { code: 'leak', title, message: `${title}\n  last      ${detail}${ended ? ' (ended now)' : ''}` }
  })
  const file = result.command[1] ?? ''
  return [
    createCase({
      script: '',
      file,
      name: 'nothing is left behind',
      outcome,
      began: result.lastEvent,
      errors,
    }),
  ]
}

/** What made a run fail and belongs to no test: so that a list of tests is never green where the run is red. */
function casesOfRun(result: RunResult, known: readonly Case[]): readonly Case[] {
  const isTold = known.some(
    ({ outcome, finished }) => outcome === 'failed' || outcome === 'interrupted' || !finished,
  )
  const isGreen = result.finished && result.exit === 0
  const areLeaksTold = result.leaks.length === 0 || result.leakChecks > 0
  if (isGreen || (isTold && areLeaksTold)) return []
  const message = result.finished ? result.causes.join('\n') : 'the run ended abruptly'
  const error: ErrorRecord = { code: 'failed', title: message.split('\n', 1)[0] ?? '', message }
  const file = result.command[1] ?? ''
  return [
    createCase({
      script: '',
      file,
      name: 'the run',
      outcome: 'failed',
      began: result.lastEvent,
      errors: [error],
    }),
  ]
}

function markFlaky(cases: readonly Case[], retried: readonly Case[]): readonly Case[] {
  const failed = new Set([...cases, ...retried].filter(({ outcome }) => outcome === 'failed').map(keyOf))
  return cases.map((one) => ({ ...one, flaky: one.outcome === 'passed' && failed.has(keyOf(one)) }))
}

/** Of two tests with one name readers count only the first. */
function nameApart(cases: readonly Case[]): readonly Case[] {
  const taken = new Set<string>()
  return cases.map((one) => {
    let named = one
    for (let round = 2; taken.has(keyOf(named)); round += 1)
      named = { ...one, name: `${one.name} (${round})` }
    taken.add(keyOf(named))
    return named
  })
}

function keyOf({ classname, name }: Case): string {
  return `${classname}\n${name}`
}
