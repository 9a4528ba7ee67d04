import { type Context, runInContext } from '../context.ts'
import { raceAbort } from '../wait/poll.ts'
import { settleWithin } from '../wait/settle.ts'
import { causesIn, reasonOf } from './causes.ts'
import type { Act } from './scenario.ts'

/**
 * Runs what a scenario, a step or a finding does; gives everything that went wrong, the first thing first, and never
 * rejects. Broken off by the context's signal it gives the signal's reason, after `grace` milliseconds at the latest: so
 * long it may take to give back what it holds with `await using`.
 */
export async function runAct(act: Act, context: Context, grace: number): Promise<readonly Error[]> {
  const { signal } = context
  const work = runInContext(context, async () => act())
  try {
    await raceAbort(work, signal)
    return []
  } catch (thrown) {
    if (!signal.aborted) return causesIn(thrown)
  }
  const reason = reasonOf(signal)
  const late = await settleWithin(
    work.then(() => [], causesIn),
    grace,
  )
  return [reason, ...(late ?? []).filter((error) => error !== reason)]
}
