import { callSite } from '../call-site.ts'
import { type Context, currentContext } from '../context.ts'
import { Failure, ShakedownError, UsageError } from '../error.ts'
import { emit } from '../event.ts'
import { show } from '../show.ts'
import { joinCauses } from './causes.ts'
import { createDebts } from './debts.ts'
import { checkOptions } from './options.ts'
import { runAct } from './run-act.ts'
import type { Act } from './scenario.ts'
import { Skip } from './skip.ts'

/** How a known misbehaviour shows itself: the failure that its promise meets today. */
export interface FindingOptions {
  /** What is wrong in the system under test, and since when it is known. */
  readonly reason: string
  /** The failure's first line must match. */
  readonly title: RegExp
  /** What was seen last, or where that says nothing the log, must match: the finding's own value, not just any failure. */
  readonly last: RegExp
}

const OPTIONS = ['reason', 'title', 'last'] as const
const GRACE = 250

/**
 * A promise that the system is known to break. `act` claims the promise; it must fail in exactly the described way, by a
 * claim or a threshold. Holds, counted and shown in every run; fails on the day it is mended, and when it breaks in another
 * way. What happens inside of it says so in its events.
 */
export async function finding(id: string, options: FindingOptions, act: Act): Promise<void> {
  check(id, options)
  const outer = currentContext()
  if (outer === undefined) throw new UsageError(`finding ${id} is outside of a scenario`)
  if (outer.finding !== undefined)
    throw new UsageError(`finding ${id} is inside of the finding ${outer.finding}`)
  const at = callSite()?.toString()
  const place = at === undefined ? {} : { at }
  const debts = createDebts()
  const context: Context = { ...outer, finding: id, owe: (debt) => debts.owe(debt) }
  const errors = await runAct(act, context, GRACE)
  const [error, later, ...rest] = errors
  // Its own debts: what a claim that failed left undone is owed to nobody.
  if (error === undefined) debts.collect()
  if (error === undefined) throw tellMended(id, options, place)
  // The end of the scenario, a skip or a mistake in the script is no failure of the promise.
  if (outer.signal.aborted || !isBroken(error)) throw joinCauses([error, ...errors.slice(1)])
  const seen = error.story.last ?? error.story.log?.join('\n') ?? ''
  if (error.title.search(options.title) < 0 || seen.search(options.last) < 0)
    throw tellOther(id, options, { error, seen, place })
  if (later !== undefined) throw joinCauses([later, ...rest])
  outer.countClaim()
  emit({ kind: 'finding', id, title: error.title, reason: options.reason, seen, at })
}

function check(id: string, options: FindingOptions): void {
  if (typeof id !== 'string' || id.trim() === '')
    throw new UsageError(`a finding has a name, not ${show(id)}`)
  checkOptions(`finding ${id}`, options, OPTIONS)
  if (options.reason.trim() === '')
    throw new UsageError(`finding ${id} has no reason`, { hint: 'say what is wrong in the system' })
  for (const name of ['title', 'last'] as const) {
    if (''.search(options[name]) < 0) continue
    throw new UsageError(`finding ${id} would take any failure: ${name} ${options[name]} matches everything`)
  }
}

function isBroken(error: Error): error is ShakedownError {
  if (!(error instanceof ShakedownError) || error instanceof Skip) return false
  return error.code === 'failed' || error.code === 'threshold'
}

function tellMended(id: string, { reason }: FindingOptions, place: { readonly at?: string }): Failure {
  return new Failure(`known finding is mended: ${id}`, {
    expected: `to fail: ${reason}`,
    last: 'the promise holds',
    ...place,
    hint: 'good news: remove the finding, and claim the promise for everybody',
  })
}

function tellOther(
  id: string,
  { title, last }: FindingOptions,
  met: { readonly error: ShakedownError; readonly seen: string; readonly place: { readonly at?: string } },
): Failure {
  const { error, seen, place } = met
  return new Failure(`known finding fails in another way: ${id}`, {
    expected: `${title} with ${last}`,
    last: `${error.title}\n${seen}`,
    ...place,
    hint: 'this is not the known misbehaviour: see what changed, in the system or in the check',
    cause: error,
  })
}
