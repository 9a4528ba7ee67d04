import { callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { Failure, ShakedownError, UsageError } from '../error.ts'
import { emit } from '../event.ts'
import { checkOptions } from './options.ts'
import type { Act } from './scenario.ts'

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

/**
 * A promise that the system is known to break. `act` claims the promise; it must fail in exactly the described way.
 * Holds, counted and shown in every run; fails on the day it is mended, and when it breaks in another way.
 */
export async function finding(id: string, options: FindingOptions, act: Act): Promise<void> {
  checkOptions(`finding ${id}`, options, OPTIONS)
  const context = currentContext()
  if (context === undefined) throw new UsageError(`finding ${id} is outside of a scenario`)
  const at = callSite()?.toString()
  const place = at === undefined ? {} : { at }
  const error = await failureOf(act)
  if (error === undefined) {
    throw new Failure(`known finding is mended: ${id}`, {
      expected: `to fail: ${options.reason}`,
      last: 'the promise holds',
      ...place,
      hint: 'good news: remove the finding, and claim the promise for everybody',
    })
  }
  const seen = error.story.last ?? error.story.log?.join('\n') ?? ''
  if (error.code !== 'failed' || !options.title.test(error.title) || !options.last.test(seen)) {
    throw new Failure(`known finding fails in another way: ${id}`, {
      expected: `${options.title} with ${options.last}`,
      last: `${error.title}\n${seen}`,
      ...place,
      hint: 'this is not the known misbehaviour; the failure itself is the cause below',
      cause: error,
    })
  }
  emit({ kind: 'finding', id, title: error.title, reason: options.reason, seen, at })
}

async function failureOf(act: Act): Promise<ShakedownError | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    if (error instanceof ShakedownError) return error
    throw error
  }
}
