import type { Outcome } from '../event.ts'
import { casesOf } from './cases.ts'
import { type RunResult, servicesOf } from './result.ts'

/** A run in one line: what a comparison with later runs needs. A line of `history.ndjson`. */
export interface HistoryEntry {
  readonly version: 1
  readonly run: string
  /** Milliseconds since 1970. */
  readonly began: number
  readonly seconds: number
  readonly mode: string
  readonly exit: number | undefined
  readonly finished: boolean
  readonly machine: Readonly<Record<string, string | number>>
  /** Versions of the services by name. */
  readonly versions: Readonly<Record<string, string>>
  readonly findings: readonly string[]
  /** By `script: scenario › step`, so that two runs can be laid side by side. */
  readonly tests: Readonly<Record<string, HistoricTest>>
  /** Milliseconds until ready, by `script: service`; of a service that was restarted, the first time. */
  readonly boots: Readonly<Record<string, number>>
  /** The kinds of lines that services printed, as short ids. */
  readonly patterns?: readonly string[]
}

/** How a test ended in an earlier run, and how long it took. */
export interface HistoricTest {
  readonly outcome: Outcome
  readonly milliseconds: number
  /** The title of what failed first. */
  readonly failure?: string
}

/** A run as an entry of the history. */
export function toHistoryEntry(result: RunResult): HistoryEntry {
  const services = servicesOf(result)
  const versions = services.flatMap(({ service, version }) =>
    version === undefined ? [] : [[service, version]],
  )
  const boots = services
    .toReversed()
    .flatMap(({ script, service, began, ready }) =>
      ready === undefined ? [] : [[`${script}: ${service}`, ready - began]],
    )
  const tests = casesOf(result).map(({ script, name, outcome, seconds, errors }) => {
    const failure = errors[0]?.title
    const test = {
      outcome,
      milliseconds: Math.round(seconds * 1000),
      ...(failure === undefined ? {} : { failure }),
    }
    return [`${script}: ${name}`, test]
  })
  return {
    version: 1,
    run: result.run,
    began: result.began,
    seconds: result.seconds,
    mode: String(result.mode['name'] ?? ''),
    exit: result.exit,
    finished: result.finished,
    machine: result.machine,
    versions: Object.fromEntries(versions),
    findings: [...new Set(result.findings.map(({ id }) => id))],
    tests: Object.fromEntries(tests),
    boots: Object.fromEntries(boots),
  }
}
