import { Failure } from '../error.ts'

/**
 * A look that found nothing to read: a first line that stays the same from look to look, and what was there instead. A failed
 * claim quotes the message whole, so its lines carry no keys.
 */
export function createUnread(title: string, details: readonly string[], cause?: unknown): Failure {
  const last = details.length === 0 ? {} : { last: details.join('\n') }
  const failure = new Failure(title, { ...last, ...(cause === undefined ? {} : { cause }) })
  failure.message = [title, ...details].join('\n')
  return failure
}
