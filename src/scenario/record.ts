import { siteIn } from '../call-site.ts'
import { ShakedownError, titleOf } from '../error.ts'
import type { ErrorRecord, Outcome } from '../event.ts'
import { Skip } from './skip.ts'

/** An error as events carry it; one that is not ours gets the line of the script in which it was thrown. */
export function recordError(error: Error): ErrorRecord {
  const { stack } = error
  if (error instanceof ShakedownError) {
    return {
      code: error.code,
      title: error.title,
      message: error.message,
      at: error.story.at ?? siteIn(stack ?? '')?.toString(),
      stack,
    }
  }
  const at = siteIn(stack ?? '')?.toString()
  const message = `${error.name}: ${error.message}${at === undefined ? '' : `\n  at        ${at}`}`
  return { code: 'failed', title: titleOf(error), message, at, stack }
}

/** How a scenario or step ended, for the first error that it met. */
export function outcomeOf(error: Error | undefined): Outcome {
  if (error === undefined) return 'passed'
  if (error instanceof Skip) return 'skipped'
  return error instanceof ShakedownError && error.code === 'interrupted' ? 'interrupted' : 'failed'
}
