import { availableParallelism } from 'node:os'
import { emit, listen } from '../../event.ts'
import { WISH } from '../../scenario/selection.ts'
import type { Command } from '../command.ts'
import type { Given } from '../flags.ts'
import { showReference } from '../help.ts'
import { readLimits } from '../limits.ts'
import { listScripts } from '../list.ts'
import { planScripts, type ScriptPlan } from '../plan.ts'
import { runRounds } from '../rounds.ts'
import { checkRunFlags, RUN_FLAGS } from '../run-flags.ts'

/** `shakedown run`: scripts side by side. */
export const command: Command = {
  usage: 'run [scripts, folders, globs…]',
  about: `Runs scripts side by side, each in its own process, those first that took longest; without a name everything below e2e/.
A folder means every .mts and .mjs below it. Exits as the weightiest of its scripts does.`,
  takesScripts: true,
  flags: RUN_FLAGS,
  examples: [
    ['shakedown run', 'everything below e2e/'],
    ["shakedown run 'e2e/**/passes*.mts' --workers 4", 'what a pattern names, four at a time'],
    ["shakedown run e2e --tag 'p0 and not slow' --bail", 'some scenarios, and no more after a failure'],
    ['shakedown run e2e --last-failed', 'what failed in the last run'],
    ['shakedown run e2e --cpus 0.5 --repeat 2', 'twice, with services that run half of the time'],
  ],
  more: showReference(),
  run,
}

/** Nothing takes too long from now on, and what Node says of the debugger is told to whoever waits for it. */
function letInspect(): void {
  process.env[WISH.inspect] = '1'
  listen((event) => {
    if (event.kind !== 'log' || event.service !== 'script') return
    const [, address] = /^Debugger listening on ws:\/\/([\d.:]+)\//.exec(event.line) ?? []
    if (address === undefined) return
    const text = `waits for a debugger: node inspect ${address}, or add ${address} in chrome://inspect`
    emit({ kind: 'note', level: 'notice', text })
  })
}

/** At least so many: most of what a system test does is to wait. */
const LEAST_WORKERS = 2

async function run(given: Given): Promise<number> {
  readLimits(given)
  return runPlan(await planScripts(given), given)
}

/** Runs what is planned as the flags say; with `--list` only lists it. Gives the exit code. */
export async function runPlan(
  { scripts, titles, shard, left = [] }: ScriptPlan,
  given: Given,
): Promise<number> {
  checkRunFlags(given, scripts)
  if (scripts.length === 0) return 0
  if (given.has('list')) return listScripts(scripts, given)
  if (titles !== undefined) process.env[WISH.titles] = JSON.stringify(titles)
  const isInspected = given.has('inspect')
  if (isInspected) letInspect()
  return runRounds({
    scripts,
    given,
    shard,
    left,
    workers: Math.max(availableParallelism(), LEAST_WORKERS),
    nodeArgs: isInspected ? ['--inspect-brk=127.0.0.1:0'] : undefined,
  })
}
