import type { ErrorRecord, Outcome } from '../event.ts'
import type { Finding, Part } from './result.ts'

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

type Given = Pick<Case, 'script' | 'name' | 'outcome' | 'began'> & Partial<Case>

/** A case of which only this is known. `at` is `file:line`; without it the file is the script. */
export function createCase(given: Given, at?: string): Case {
  const [, file = given.script, line] = /^(.*):(\d+)$/.exec(at ?? '') ?? []
  return {
    classname: classnameOf(given.script),
    file: file.replaceAll('\\', '/'),
    line: line === undefined ? undefined : Number(line),
    finished: true,
    seconds: 0,
    errors: [],
    reason: undefined,
    tags: [],
    proves: [],
    findings: [],
    part: undefined,
    flaky: false,
    ...given,
  }
}

/** The name that a script has as a class: dots for slashes, no ending. The run itself, which is no script, has the project's. */
export function classnameOf(script: string): string {
  const parts = script.replace(/\.[cm]?[jt]s$/, '').split(/[\\/]/)
  const names = parts.filter((part) => part !== '' && part !== '.' && part !== '..')
  return names.length === 0 ? 'shakedown' : names.map((part) => part.replaceAll('.', '_')).join('.')
}
