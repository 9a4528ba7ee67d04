import { currentContext } from '../context.ts'
import { UsageError } from '../error.ts'
import { shorten, show } from '../show.ts'
import { causesIn } from './causes.ts'
import type { Act } from './scenario.ts'
import { step } from './step.ts'

/**
 * The same step for each item; all are tried, and the first failure is thrown after the last. A mistake in the script, or
 * the end of the scenario, ends it at once.
 */
export async function each<T>(title: string, items: readonly T[], act: Act<[T]>): Promise<void> {
  if (items.length === 0)
    throw new UsageError(`each ${title} has no items`, {
      hint: 'it would pass without having looked at anything',
    })
  const signal = currentContext()?.signal
  const errors: unknown[] = []
  for (const item of items) {
    try {
      await step(`${title}: ${name(item)}`, () => act(item))
    } catch (thrown) {
      errors.push(thrown)
      const [first] = causesIn(thrown)
      if (signal?.aborted === true || first instanceof UsageError) break
    }
  }
  if (errors.length > 0) throw errors[0]
}

function name(item: unknown): string {
  return shorten(typeof item === 'string' ? item : show(item), 60)
}
