import { siteIn } from '../call-site.ts'
import { ShakedownError, tell, titleOf } from '../error.ts'
import type { ErrorRecord, Outcome } from '../event.ts'
import { Skip } from './skip.ts'

/** An error as events carry it; one that is not ours gets the line of the script in which it was thrown. */
export function recordError(error: Error): ErrorRecord {
  const { stack } = error
  const at = siteIn(stack ?? '')?.toString()
  if (error instanceof ShakedownError) {
    const { code, title, story } = error
    const place = story.at ?? at
    const message = tell(title, place === undefined ? story : { ...story, at: place })
    return { code, title, message, at: place, stack }
  }
  const message = `${error.name}: ${error.message}${at === undefined ? '' : `\n  at        ${at}`}`
  return { code: 'failed', title: titleOf(error), message, at, stack }
}

/** How a scenario or step ended, for the first error that it met. */
export function outcomeOf(error: Error | undefined): Outcome {
  if (error === undefined) return 'passed'
  if (error instanceof Skip) return 'skipped'
  return error instanceof ShakedownError && error.code === 'interrupted' ? 'interrupted' : 'failed'
}
