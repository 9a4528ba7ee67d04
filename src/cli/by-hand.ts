import { basename, join, relative } from 'node:path'
import { formatDuration } from '../duration.ts'
import { ShakedownError } from '../error.ts'
import { emit, listen } from '../event.ts'
import { interrupt, onInterrupt } from '../interrupt.ts'
import { isTold } from '../scenario/causes.ts'
import { followAddresses } from '../scenario/keep.ts'
import { recordError } from '../scenario/record.ts'
import { failRunning } from '../scenario/running.ts'
import { WISH } from '../scenario/selection.ts'
import { checkModes, readShare, readTelling, readTimeout, SCRIPT_FLAGS, wishesOf } from './common-flags.ts'
import { readDoubt } from './doubt-flags.ts'
import { tellErrors } from './errors.ts'
import { exitCodeOfEscaped, hearEscaped, isOwnProcess } from './escaped.ts'
import { type Given, readFlags, showFlags } from './flags.ts'
import { refuseNothing, type Seen, showScenarios } from './listing.ts'
import { redactOutput } from './redact-output.ts'
import { endWithScript } from './script-end.ts'
import { openSession, type Session } from './session.ts'

/**
 * Makes a run of a script that is run by hand, `node x.mts`: reads its flags when it comes to its first scenario, and gives
 * it a console and a folder for its results with the first one that is chosen. Throws a UsageError for flags that it does
 * not have.
 */
export async function runByHand(): Promise<void> {
  const given = readScriptFlags()
  if (readDoubt(given) !== undefined) process.exit(await runDoubted(given))
  const share = readShare(given)
  if (share !== undefined) (await import('../run/starve.ts')).starve(share)
  followAddresses()
  const seen: Seen[] = []
  let session: Session | undefined
  listen((event) => {
    if (event.kind !== 'scenario:seen') return
    seen.push(event)
    if (event.chosen) session ??= begin(given)
  })
  process.once('beforeExit', () => {
    if (session === undefined) tellUntold(seen)
  })
}

/** A script that is doubted runs many times, each time in a process of its own; this one only tells. */
async function runDoubted(given: Given): Promise<number> {
  const { runRounds } = await import('./rounds.ts')
  return tellErrors(() => runRounds({ scripts: [relative('', process.argv[1] ?? '')], given }))
}

function begin(given: Given): Session {
  redactOutput()
  const timeout = readTimeout(given)
  // First: between the log's first line and this one, a signal would end the process without a word.
  onInterrupt(async () => session.finish(), 'telling')
  const session = openSession({
    scripts: [basename(process.argv[1] ?? 'script')],
    results: given.value('results'),
    ...readTelling(given),
    allowed: given.values('allow-skip'),
    failOnFlaky: given.has('fail-on-flaky'),
  })
  process.env['SHAKEDOWN_LOGS'] ??= join(session.folder, 'logs')
  process.env['SHAKEDOWN_EVIDENCE'] ??= join(session.folder, 'evidence')
  hearEscaped((error) => {
    if (isTold(error) || failRunning(error)) return true
    // Where its own file is over, nothing follows and it ends; what it still does is not cut off.
    emit({ kind: 'teardown:error', what: 'the script', error: recordError(error) })
    return true
  })
  endWithScript({
    add: (why) => {
      if (session.passed) session.add('failed', why)
    },
    finish: session.finish,
    finishNow: session.finishNow,
  })
  if (timeout !== undefined) setTimeout(() => endLate(session, timeout), timeout).unref()
  return session
}

function endLate(session: Session, timeout: number): void {
  session.add('deadline', `the run took longer than ${formatDuration(timeout)}`)
  interrupt('SIGALRM')
}

/** In the process of another test runner the flags are that runner's. */
function readScriptFlags(): Given {
  const given = readFlags(isOwnProcess() ? process.argv.slice(2) : [], SCRIPT_FLAGS)
  if (given.has('help')) {
    process.stdout.write(
      `usage: node ${basename(process.argv[1] ?? '')} [flags]\n\n${showFlags(SCRIPT_FLAGS)}\n`,
    )
    process.exit(0)
  }
  checkModes(given)
  readTelling(given)
  Object.assign(process.env, wishesOf(given))
  if (given.has('list')) process.env[WISH.list] = '1'
  return given
}

/** None was chosen: that is what a list is for, and otherwise a mistake in the selection. */
function tellUntold(seen: readonly Seen[]): void {
  try {
    if (process.env[WISH.list] !== undefined) process.stdout.write(`${showScenarios(seen)}\n`)
    else refuseNothing(seen)
  } catch (error) {
    if (!(error instanceof ShakedownError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = exitCodeOfEscaped(error)
  }
}
