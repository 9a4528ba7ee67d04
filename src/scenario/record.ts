import { siteIn } from '../call-site.ts'
import { ShakedownError, titleOf } from '../error.ts'
import type { ErrorRecord } from '../event.ts'

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
