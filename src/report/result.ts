import type { ErrorRecord, EventOf, Outcome } from '../event.ts'

/** Something that took time inside of a step or scenario. Times are milliseconds since 1970. */
export interface Activity {
  readonly kind: 'wait' | 'load' | 'command'
  readonly what: string
  readonly began: number
  readonly ended: number
}

/** What scenarios and steps have in common. */
export interface Part {
  readonly script: string
  readonly id: string
  readonly title: string
  readonly at: string | undefined
  /** `interrupted` as well for one whose end was never heard. */
  readonly outcome: Outcome
  readonly finished: boolean
  /** Milliseconds since 1970. */
  readonly began: number
  readonly seconds: number
  readonly reason: string | undefined
  /** Claims that were made directly in it; of a scenario that ended, also those of its steps. */
  readonly claims: number
  /** How often its own claims looked, and how many milliseconds they waited. */
  readonly looks: number
  readonly waited: number
  /** The ones that took longest, in the order in which they ended. */
  readonly activities: readonly Activity[]
  readonly steps: readonly StepResult[]
}

/** A step, outermost or inside of another one. */
export interface StepResult extends Part {
  /** Its scenario's title, its outer steps' and its own. */
  readonly path: readonly string[]
  readonly proves: readonly string[]
  readonly error: ErrorRecord | undefined
}

/** A scenario with everything in it. */
export interface ScenarioResult extends Part {
  readonly tags: readonly string[]
  /** The first is why it failed, the others what failed afterwards, in the teardown. */
  readonly errors: readonly ErrorRecord[]
  /** It failed for a cause that it names as transient, and was told again: what came of it counts. */
  readonly retried: boolean
}

/** One life of a service; a restart begins another. */
export interface ServiceResult {
  readonly script: string
  readonly scenario: string | undefined
  readonly service: string
  readonly driver: string
  readonly after: readonly string[]
  readonly endpoints: Readonly<Record<string, string>>
  readonly version: string | undefined
  readonly began: number
  /** Milliseconds since 1970; undefined for one that never was ready. */
  readonly ready: number | undefined
  readonly exit:
    | { readonly code: number | null; readonly signal: string | null; readonly expected: boolean }
    | undefined
  readonly stopping: number | undefined
  readonly stopped: number | undefined
  readonly forced: boolean
  /** Processes of it that were still there after it had ended. */
  readonly swept: readonly number[]
}

/** A script: its own process where a runner ran it. */
export interface ScriptResult {
  readonly file: string
  readonly outcome: Outcome
  readonly finished: boolean
  readonly began: number
  readonly seconds: number
  readonly code: number | null
  readonly signal: string | null
  readonly scenarios: readonly ScenarioResult[]
  readonly services: readonly ServiceResult[]
}

/** A known misbehaviour that was met. */
export type Finding = EventOf<'finding'>
/** Something that was left behind. */
export type Leak = EventOf<'leak'>
/** A load that ended. */
export type Load = EventOf<'traffic:end'>
/** What was kept of a scenario that failed. */
export type Kept = EventOf<'evidence'>
/** What a doubted run came to. */
export type Doubted = EventOf<'doubt:end'>
/** A teardown that failed. */
export type TeardownError = EventOf<'teardown:error'>
/** A step or scenario that was left out, and where it would have been. */
export interface Skipped {
  readonly script: string
  readonly scenario: string | undefined
  readonly step: string | undefined
  readonly what: string
  readonly reason: string
  readonly proves: readonly string[]
  readonly at: string | undefined
}

/** A whole run, folded from its events. */
export interface RunResult {
  readonly run: string
  readonly command: readonly string[]
  readonly mode: Readonly<Record<string, unknown>>
  readonly machine: Readonly<Record<string, string | number>>
  /** The folder with what was kept of it. */
  readonly results: string | undefined
  /** Milliseconds since 1970. */
  readonly began: number
  readonly seconds: number
  /** False for a run whose last event is missing: it ended abruptly, or goes on. */
  readonly finished: boolean
  readonly exit: number | undefined
  readonly causes: readonly string[]
  readonly scripts: readonly ScriptResult[]
  readonly findings: readonly Finding[]
  readonly skipped: readonly Skipped[]
  readonly leaks: readonly Leak[]
  /** How often it was looked whether anything is left behind. */
  readonly leakChecks: number
  readonly loads: readonly Load[]
  readonly kept: readonly Kept[]
  readonly teardownErrors: readonly TeardownError[]
  /** What the checks themselves are worth; undefined where nobody doubted them. Of logs that were joined the last word. */
  readonly doubted: Doubted | undefined
  readonly claims: {
    readonly met: number
    /** Those that a known finding expects to be missed are not among them. */
    readonly missed: number
    readonly known: number
    readonly looks: number
    readonly milliseconds: number
  }
  readonly lastEvent: number
}

/** Every scenario of a run, as it was told last. */
export function scenariosOf(result: RunResult): readonly ScenarioResult[] {
  return result.scripts.flatMap((script) => script.scenarios.filter(({ retried }) => !retried))
}

/** Every step of these parts, outer steps before their inner ones. */
export function stepsOf(parts: readonly Part[]): readonly StepResult[] {
  return parts.flatMap((part) => part.steps.flatMap((step) => [step, ...stepsOf([step])]))
}

/** What was kept of the scenario that a step or scenario belongs to, when it failed; undefined where nothing was. */
export function keptOf(result: RunResult, part: Pick<Part, 'script' | 'id'>): Kept | undefined {
  const scenario = part.id.split('.', 1)[0]
  return result.kept.find((kept) => kept.script === part.script && kept.scenario === scenario)
}

/** Every service of a run, each of its lives. */
export function servicesOf(result: RunResult): readonly ServiceResult[] {
  return result.scripts.flatMap((script) => script.services)
}

/** The innermost step or the scenario that this error belongs to comes first: an error is told once, where it happened. */
export function isSameError(one: ErrorRecord, other: ErrorRecord | undefined): boolean {
  return other !== undefined && one.message === other.message && one.at === other.at
}
