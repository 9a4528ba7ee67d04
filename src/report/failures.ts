import type { ErrorRecord } from '../event.ts'
import {
  type Part,
  type RunResult,
  type ScenarioResult,
  type StepResult,
  scenariosOf,
  stepsOf,
} from './result.ts'

/** Something that went wrong, told once: where it happened first. */
export interface FailureResult {
  readonly script: string
  /** Titles from the scenario down to the innermost step; what was undone, for a teardown. */
  readonly path: readonly string[]
  readonly error: ErrorRecord
  readonly part: Part | undefined
}

/** Everything that went wrong in a run, in the order of its scripts and steps. */
export function failuresOf(result: RunResult): readonly FailureResult[] {
  const told = scenariosOf(result).flatMap(failuresIn)
  const known = new Set(told.map(({ error }) => error.message))
  const late = result.teardownErrors.filter(({ error }) => !known.has(error.message))
  return [
    ...told,
    ...late.map(({ script, what, error }) => ({ script, path: [what], error, part: undefined })),
  ]
}

/** What went wrong in one scenario. */
export function failuresIn(scenario: ScenarioResult): readonly FailureResult[] {
  const { script, title } = scenario
  const inSteps = stepsOf([scenario]).flatMap((step) => {
    const error = errorOf(step)
    return error === undefined ? [] : [{ script, path: step.path, error, part: step }]
  })
  return [
    ...inSteps,
    ...errorsOf(scenario).map((error) => ({ script, path: [title], error, part: scenario })),
  ]
}

/** The error of a step that none of its inner steps has told already; none for an interruption. */
export function errorOf(step: StepResult): ErrorRecord | undefined {
  const { error } = step
  return error === undefined || isInterruption(error) || isToldIn(step, error) ? undefined : error
}

/** The errors of a scenario that none of its steps has told already: what failed outside of steps, and its teardown. */
export function errorsOf(scenario: ScenarioResult): readonly ErrorRecord[] {
  return scenario.errors.filter((error) => !isInterruption(error) && !isToldIn(scenario, error))
}

function isToldIn(part: Part, error: ErrorRecord): boolean {
  return stepsOf([part]).some((step) => step.error?.message === error.message)
}

function isInterruption(error: ErrorRecord): boolean {
  return error.code === 'interrupted'
}
