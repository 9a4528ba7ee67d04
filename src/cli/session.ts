import { argv } from 'node:process'
import type { ErrorCode } from '../error.ts'
import { emit, listen } from '../event.ts'
import { describeMode, mode } from '../mode.ts'
import { describeMachine } from '../run/machine.ts'
import { createOutcome } from '../run/outcome.ts'
import { openResults } from '../run/results.ts'
import { openConsole } from './console.ts'
import { writeReports } from './reports.ts'

/** A run as the process that tells it sees it: console, event log, reports and the exit code. */
export interface Session {
  readonly folder: string
  /** Adds something that went wrong and that no event tells. */
  add(cause: ErrorCode, why: string): void
  /** True when nothing went wrong so far. */
  readonly passed: boolean
  /** Ends the run once: the last event, the reports, and the exit code. */
  finish(): Promise<number>
}

export interface SessionOptions {
  readonly scripts: readonly string[]
  /** Where the results folder is made. */
  readonly results?: string | undefined
  readonly verbose?: boolean | undefined
  /** Skips that a strict mode lets pass: a part of their name or reason. */
  readonly allowed?: readonly string[] | undefined
}

/** Opens the results of a run and tells its beginning. Throws a PreflightError when they cannot be written. */
export function openSession(options: SessionOptions): Session {
  const results = openResults(mode.name, options.results)
  const outcome = createOutcome({ strict: mode.strict, allowed: options.allowed ?? [] })
  const console = openConsole({ verbose: options.verbose ?? false })
  const began = performance.now()
  const stop = listen((event) => {
    results.append(event)
    outcome.hear(event)
    console.hear(event)
  })
  emit({
    kind: 'run:start',
    run: results.folder,
    command: ['node', ...argv.slice(1)],
    mode: describeMode(mode),
    machine: describeMachine(),
    scripts: options.scripts,
    results: results.folder,
  })
  let finished: Promise<number> | undefined

  async function finish(): Promise<number> {
    const exit = outcome.exit
    emit({ kind: 'run:end', exit, causes: outcome.causes, seconds: (performance.now() - began) / 1000 })
    stop()
    await writeReports(results.folder)
    results.close()
    await console.finish()
    return exit
  }

  return {
    folder: results.folder,
    add: outcome.add,
    get passed() {
      return outcome.causes.length === 0
    },
    finish: () => {
      finished ??= finish()
      return finished
    },
  }
}
