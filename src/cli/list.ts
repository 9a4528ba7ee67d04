import { type ErrorRecord, type EventOf, listen } from '../event.ts'
import { EXIT, exitCodeFor } from '../run/exit.ts'
import { runScripts } from '../run/runner.ts'
import { isWanted } from '../scenario/selection.ts'
import { wishesOf } from './common-flags.ts'
import type { Given } from './flags.ts'
import { refuseNothing, showScenarios } from './listing.ts'

/** Prints the scenarios of every script, with their tags, and starts nothing; gives the exit code. Throws a UsageError for a selection that names none. */
export async function listScripts(scripts: readonly string[], given: Given): Promise<number> {
  const wishes = wishesOf(given)
  Object.assign(process.env, wishes)
  const seen: EventOf<'scenario:seen'>[] = []
  const errors: ErrorRecord[] = []
  const forget = listen((event) => {
    if (event.kind === 'scenario:seen') seen.push(event)
    if (event.kind === 'teardown:error') errors.push(event.error)
  })
  const ends = await runScripts(scripts, {
    env: wishes,
    parallel: scripts.length,
    signal: new AbortController().signal,
  })
  forget()
  for (const error of errors) process.stderr.write(`${error.message}\n`)
  if (seen.length > 0) refuseNothing(seen)
  for (const file of scripts) {
    const own = seen.filter((one) => one.script === file && isWanted(one))
    if (own.length > 0) process.stdout.write(`${file}\n${showScenarios(own)}\n`)
  }
  const broken = ends.filter(({ code }) => code !== EXIT.passed && code !== EXIT.skipped)
  for (const { file, code } of broken) process.stderr.write(`${file} ended with exit code ${code}\n`)
  return broken.length === 0 ? EXIT.passed : exitCodeFor(errors.map(({ code }) => code)) || EXIT.failed
}
