import { type ErrorCode, type ShakedownError, toError } from '../error.ts'
import { type Event, emit, listen } from '../event.ts'
import { describeMode, type OwnMode, mode as processMode } from '../mode.ts'
import type { Reporter } from '../report/reporter.ts'
import { EXIT } from '../run/exit.ts'
import { describeMachine } from '../run/machine.ts'
import { createOutcome, type OutcomeOptions } from '../run/outcome.ts'
import { openResults } from '../run/results.ts'
import { recordError } from '../scenario/record.ts'
import { type ConsoleWishes, openConsole } from './console.ts'
import { writeReports } from './reports.ts'
import type { ShardRecord } from './shard.ts'

/** A run as the process that tells it sees it: console, event log, reports and the exit code. */
export interface Session {
  readonly folder: string
  /** Adds something that went wrong and that no event tells. */
  add(cause: ErrorCode, why: string): void
  /** Tells something that is wrong with the run as a whole. */
  refuse(error: ShakedownError): void
  /** True when nothing went wrong so far. */
  readonly passed: boolean
  /** Ends the run once: the last event, the reports, and the exit code. */
  finish(): Promise<number>
  /** The same without the reports, which need time: for a process that is ending. */
  finishNow(): number
}

/** How a run is told. */
export interface SessionOptions {
  readonly scripts: readonly string[]
  /** Where the results folder is made. */
  readonly results?: string | undefined
  readonly verbose: boolean
  readonly reporter?: ConsoleWishes['reporter']
  /** Who tells it, instead of a console. */
  readonly told?: Reporter | undefined
  /** That of this process where it is not given. */
  readonly mode?: OwnMode | undefined
  /** Skips that a strict mode lets pass: a part of their name or reason. */
  readonly allowed?: readonly string[] | undefined
  readonly failOnFlaky?: boolean | undefined
  /** The part of a divided run that it is: of those that are chosen none may be in it. */
  readonly shard?: ShardRecord | undefined
}

/** Opens the results of a run and tells its beginning. Throws a PreflightError when they cannot be written. */
export function openSession(options: SessionOptions): Session {
  const outcome = createOutcome(judgedBy(options))
  const { mode = processMode } = options
  const results = openResults(mode.name, {
    base: options.results,
    onBroken: (error) => outcome.add('preflight', `the event log is incomplete: ${error.message}`),
  })
  const console = options.told ?? openConsole(options)
  const began = performance.now()
  const hear = hearSafely(console.hear, (error) => outcome.add('failed', `${whatBroke(options)}: ${error}`))
  const stop = listen((event) => {
    results.append(event)
    outcome.hear(event)
    hear(event)
  })
  emit({
    kind: 'run:start',
    run: results.folder,
    command: ['node', ...process.argv.slice(1)],
    mode: describeMode(mode),
    machine: describeMachine(),
    scripts: options.scripts,
    results: results.folder,
    shard: options.shard,
  })
  let exit: number | undefined
  let finished: Promise<number> | undefined

  function finishNow(): number {
    if (exit !== undefined) return exit
    exit = outcome.exit
    emit({ kind: 'run:end', exit, causes: outcome.causes, seconds: (performance.now() - began) / 1000 })
    stop()
    results.close()
    void console.finish()
    return exit
  }

  async function finish(): Promise<number> {
    const code = finishNow()
    // Should they wait for what never comes, the process ends without them, and must not do so silently.
    const tell = () => process.stderr.write(`reports were not written to ${results.folder}\n`)
    process.once('exit', tell)
    try {
      await writeReports(results.folder)
      process.off('exit', tell)
      return code
    } catch (thrown) {
      process.off('exit', tell)
      const error = toError(thrown)
      process.stderr.write(`reports cannot be written to ${results.folder}\n  last      ${error.message}\n`)
      return code === EXIT.passed ? EXIT.preflight : code
    }
  }

  return {
    folder: results.folder,
    add: outcome.add,
    refuse: (error) => emit({ kind: 'teardown:error', what: 'the run', error: recordError(error) }),
    finishNow,
    get passed() {
      return outcome.exit === EXIT.passed
    },
    finish() {
      finished ??= finish()
      return finished
    },
  }
}

function whatBroke({ told, reporter }: SessionOptions): string {
  const isOfUser = told !== undefined || typeof reporter === 'function'
  return isOfUser ? 'the reporter broke' : 'the console broke, which is a defect of shakedown'
}

function judgedBy({
  allowed = [],
  failOnFlaky = false,
  shard,
  mode = processMode,
}: SessionOptions): OutcomeOptions {
  return { strict: mode.strict, allowed, failOnFlaky, mayBeEmpty: shard !== undefined }
}

/** A console that breaks must not take the run with it: what happens is in the event log, too. */
function hearSafely(hear: (event: Event) => void, tell: (why: string) => void): (event: Event) => void {
  let isBroken = false
  return (event) => {
    if (isBroken) return
    try {
      hear(event)
    } catch (error) {
      isBroken = true
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
      tell(String(error))
    }
  }
}
