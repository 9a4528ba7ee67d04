import type { ErrorRecord, Stamp } from '../../event.ts'
import type { RunResult } from '../result.ts'

/** A result while it grows: its own lists and fields can be changed, events and texts in it cannot. */
export type Draft<T> = T extends Stamp | ErrorRecord | readonly string[] | readonly number[]
  ? T
  : T extends readonly (infer Item)[]
    ? Draft<Item>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Draft<T[Key]> }
      : T

/** A whole run while it grows. */
export type RunDraft = Draft<RunResult> & {
  /** What only the fold itself needs to know. */
  readonly ledger: {
    /** How many logs it was joined of, and how many of them have their end. */
    begun: number
    ended: number
    /** Claims that were missed inside of a known finding, until it is told that this was the known misbehaviour. */
    readonly missed: Map<string, number>
  }
}
/** A script while it grows. */
export type ScriptDraft = RunDraft['scripts'][number]
/** A scenario while it grows. */
export type ScenarioDraft = ScriptDraft['scenarios'][number]
/** A step while it grows. */
export type StepDraft = ScenarioDraft['steps'][number]
/** A life of a service while it grows. */
export type ServiceDraft = ScriptDraft['services'][number]

/** A run of which nothing is known yet. */
export function createRunDraft(): RunDraft {
  return {
    run: '',
    command: [],
    mode: {},
    machine: {},
    results: undefined,
    began: 0,
    seconds: 0,
    finished: false,
    exit: undefined,
    causes: [],
    scripts: [],
    findings: [],
    skipped: [],
    leaks: [],
    leakChecks: 0,
    loads: [],
    kept: [],
    teardownErrors: [],
    doubted: undefined,
    claims: { met: 0, missed: 0, known: 0, looks: 0, milliseconds: 0 },
    lastEvent: 0,
    ledger: { begun: 0, ended: 0, missed: new Map() },
  }
}

/** The script of that name; begins it when it is new. */
export function scriptIn(run: RunDraft, file: string, time: number): ScriptDraft {
  const known = run.scripts.find((script) => script.file === file)
  if (known !== undefined) return known
  const script: ScriptDraft = {
    file,
    outcome: 'interrupted',
    finished: false,
    began: time,
    seconds: 0,
    code: null,
    signal: null,
    scenarios: [],
    services: [],
  }
  run.scripts.push(script)
  return script
}
