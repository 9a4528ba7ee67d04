import { setMaxListeners } from 'node:events'
import { formatDuration } from '../duration.ts'
import { ShakedownError, UsageError } from '../error.ts'
import { emit, listen } from '../event.ts'
import { onInterrupt, onLastResort } from '../interrupt.ts'
import { mode } from '../mode.ts'
import { EXIT } from '../run/exit.ts'
import { placesIn } from '../run/results.ts'
import { runScripts, type ScriptEnd } from '../run/runner.ts'
import { readTelling, wishesOf } from './common-flags.ts'
import type { Doubting } from './doubt.ts'
import { readDoubt } from './doubt-flags.ts'
import type { Given } from './flags.ts'
import { type Limits, readLimits } from './limits.ts'
import { refuseNothing, type Seen } from './listing.ts'
import { openSession, type Session } from './session.ts'
import type { ShardRecord } from './shard.ts'

/** Several scripts that make one run. */
export interface Plan {
  readonly scripts: readonly string[]
  readonly given: Given
  /** How many at a time where no flag says so; all where it is not given. */
  readonly workers?: number | undefined
  /** Scenarios of scripts that the selection has left out already. */
  readonly left?: readonly Seen[]
  /** The part of a divided run that this is. */
  readonly shard?: ShardRecord | undefined
  /** Arguments for Node itself. */
  readonly nodeArgs?: readonly string[] | undefined
  /** What must be done before each round; gives the environment of the scripts. Throws a PreflightError. */
  readonly prepare?: ((given: Given) => Promise<Readonly<Record<string, string>>>) | undefined
}

/** Runs the scripts as the flags say, again as often as they say, and gives the exit code. Throws a UsageError for bad values. */
export async function runRounds(plan: Plan): Promise<number> {
  const { given } = plan
  const limits = readLimits(given)
  const wishes = wishesOf(given)
  Object.assign(process.env, wishes)
  let exit: number = EXIT.passed
  for (let round = 1; round <= limits.times && exit === EXIT.passed; round += 1) {
    // Not on stdout: a program may read what stands there.
    if (limits.times > 1)
      process.stderr.write(`round ${round}${Number.isFinite(limits.times) ? ` of ${limits.times}` : ''}\n`)
    const added = (await plan.prepare?.(given)) ?? {}
    exit = await runOnce(plan, {
      ...limits,
      // Ports that were made sure of are there once.
      lanes: Object.keys(added).length === 0 ? limits.workers : 1,
      env: { SHAKEDOWN_MODE: mode.name, ...wishes, ...added },
    })
  }
  return exit
}

async function runOnce(
  plan: Plan,
  round: Limits & { readonly env: Readonly<Record<string, string>>; readonly lanes: number | undefined },
): Promise<number> {
  const { scripts, given } = plan
  const over = new AbortController()
  setMaxListeners(0, over.signal)
  const done = Promise.withResolvers<number>()
  // First: between the log's first line and this one, a signal would end the process without a word.
  const release = onInterrupt(async (signal) => {
    over.abort(new ShakedownError('interrupted', `interrupted by ${signal}`))
    return await done.promise
  }, 'stories')
  const session = openRound(plan, release)
  // A second Ctrl-C leaves no time for reports, but the log has its last line.
  const forget = onLastResort(() => void session.finishNow())
  const timer = startDeadline(session, over, round.timeout)
  const input = given.has('keep') ? process.stdin : undefined
  const seen = hearScenarios()
  const doubt = await openDoubt(given)
  const ends = await runScripts(scripts, {
    env: { ...round.env, ...doubt?.env, ...placesIn(session.folder) },
    ...howToRun(plan, round),
    signal: over.signal,
    input,
  })
  input?.pause()
  const told = [...(plan.left ?? []), ...seen.stop()]
  if (!over.signal.aborted) {
    checkEnds(plan, { session, ends, told })
    await doubt?.ask({ session, env: round.env, lanes: round.lanes, signal: over.signal })
  }
  clearTimeout(timer)
  const exit = await session.finish()
  doubt?.tell()
  release()
  forget()
  done.resolve(exit)
  return exit
}

function howToRun({ scripts, given, workers, nodeArgs }: Plan, round: Limits) {
  return { parallel: round.workers ?? workers ?? scripts.length, nodeArgs, bail: given.has('bail') }
}

async function openDoubt(given: Given): Promise<Doubting | undefined> {
  const wish = readDoubt(given)
  if (wish === undefined) return undefined
  const { beginDoubt } = await import('./doubt.ts')
  // A program may read what a reporter writes to stdout.
  return beginDoubt(wish, given.has('reporter') ? process.stderr : process.stdout)
}

/** Where there is no room for results, nobody waits for the end of this run. */
function openRound({ scripts, given, shard }: Plan, release: () => void): Session {
  try {
    return openSession({
      scripts,
      results: given.value('results'),
      ...readTelling(given),
      allowed: given.values('allow-skip'),
      failOnFlaky: given.has('fail-on-flaky'),
      shard,
    })
  } catch (error) {
    release()
    throw error
  }
}

function startDeadline(
  session: Session,
  over: AbortController,
  timeout: number | undefined,
): NodeJS.Timeout | undefined {
  if (timeout === undefined) return undefined
  const error = new ShakedownError('deadline', `the run took longer than ${formatDuration(timeout)}`)
  return setTimeout(() => {
    session.add('deadline', error.title)
    over.abort(error)
  }, timeout)
}

/** The scenarios that all scripts together have, chosen or not. */
function hearScenarios(): { stop(): readonly Seen[] } {
  const seen: Seen[] = []
  const forget = listen((event) => {
    if (event.kind === 'scenario:seen') seen.push(event)
  })
  return {
    stop() {
      forget()
      return seen
    },
  }
}

interface Round {
  readonly session: Session
  readonly ends: readonly ScriptEnd[]
  readonly told: readonly Seen[]
}

function checkEnds({ scripts, shard }: Plan, { session, ends, told }: Round): void {
  tellLeftOut(scripts, ends)
  // What the whole has is known where the shards are merged.
  checkAnyRan(session, ends, shard === undefined ? told : [])
}

/** What a failure kept from being run is not forgotten: with --bail. */
function tellLeftOut(scripts: readonly string[], ends: readonly ScriptEnd[]): void {
  const left = scripts.filter((script) => !ends.some(({ file }) => file === script))
  if (left.length > 0)
    emit({ kind: 'note', level: 'notice', text: `not run, because of --bail: ${left.join(', ')}` })
}

/** A script without any scenario proves nothing, and neither does a selection that names none. */
function checkAnyRan(session: Session, ends: readonly ScriptEnd[], seen: readonly Seen[]): void {
  for (const { file, code, scenarios } of ends) {
    if (code === EXIT.passed && scenarios === 0)
      session.refuse(
        new UsageError(`${file} has no scenario`, { hint: "await scenario('…', async () => { … })" }),
      )
  }
  if (seen.length === 0) return
  try {
    refuseNothing(seen)
  } catch (error) {
    if (!(error instanceof ShakedownError)) throw error
    session.refuse(error)
  }
}
