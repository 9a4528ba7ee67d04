import type { Event, Outcome } from '../event.ts'
import { type RunResult, scenariosOf, stepsOf } from './result.ts'
import { summarize } from './summary.ts'

/** A step, or one that was left out, that says it proves a requirement. */
export interface Proof {
  readonly script: string
  readonly path: readonly string[]
  readonly outcome: Outcome
  readonly at: string | undefined
}

/** How a requirement fared in a run. */
export interface RequirementResult {
  /** Failed where one of its steps failed, then interrupted, passed where at least one passed, else skipped. */
  readonly outcome: Outcome
  readonly steps: readonly Proof[]
  /** Why it failed, or why steps of it were left out. */
  readonly reason: string | undefined
}

const WEIGHTS: readonly Outcome[] = ['failed', 'interrupted', 'passed', 'skipped']

/** Which requirements the steps of a run prove, by their ids in order. */
export function requirements(events: Iterable<Event>): ReadonlyMap<string, RequirementResult> {
  return requirementsOf(summarize(events))
}

/** As `requirements`, for a run that is folded already. */
export function requirementsOf(result: RunResult): ReadonlyMap<string, RequirementResult> {
  const found = new Map<string, { proof: Proof; reason: string | undefined }[]>()
  const add = (ids: readonly string[], proof: Proof, reason: string | undefined) => {
    for (const id of new Set(ids)) found.set(id, [...(found.get(id) ?? []), { proof, reason }])
  }
  for (const { script, path, outcome, at, proves, error, reason } of stepsOf(scenariosOf(result))) {
    // One that was skipped while it ran is in the list of the skipped.
    if (outcome !== 'skipped') add(proves, { script, path, outcome, at }, reason ?? error?.title)
  }
  for (const { script, what, reason, proves, at } of result.skipped) {
    add(proves, { script, path: [what], outcome: 'skipped', at }, reason)
  }
  const sorted = [...found].toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
  return new Map(sorted.map(([id, proofs]) => [id, judge(proofs)]))
}

function judge(proofs: readonly { proof: Proof; reason: string | undefined }[]): RequirementResult {
  const steps = proofs.map(({ proof }) => proof)
  const outcome = WEIGHTS.find((weight) => steps.some((step) => step.outcome === weight)) ?? 'skipped'
  const reasons = new Set(proofs.flatMap(({ reason }) => reason ?? []))
  return { outcome, steps, reason: reasons.size === 0 ? undefined : [...reasons].join('; ') }
}
