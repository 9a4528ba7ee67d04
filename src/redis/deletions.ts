import { Failure } from '../error.ts'
import type { Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { checkPattern } from './access.ts'
import type { Deletion } from './book.ts'
import { createGlob } from './glob.ts'
import { createSource, type RedisAddress, type RedisOptions } from './target.ts'
import { beginSoon, beginWatch } from './watch.ts'

/**
 * The keys under a pattern that were deleted, evicted or renamed, the oldest first: since the service began; in a Redis
 * that is not the script's own, since it was first looked at, and only those that were gone before their deadline. Reading
 * it fails where no key was ever seen under the pattern: then none could have been deleted.
 */
export function deletions(
  redis: RedisAddress,
  pattern: string,
  options?: RedisOptions,
): Reading<readonly Deletion[]> {
  const source = createSource(redis, options)
  checkPattern(source.access, pattern)
  beginSoon(source)
  const matches = createGlob(pattern)
  const describe = `deletions of ${pattern} in ${source.name}`
  const look = async (signal?: AbortSignal) => {
    const watch = await beginWatch(source.target())
    await watch.look(pattern, { signal })
    const found = watch.book.deletions().filter(({ key }) => key === '*' || matches(key))
    if (found.length > 0 || watch.book.lives().some(({ key }) => matches(key))) return found
    throw new Failure(`no key that matches ${pattern} was ever seen in ${source.name}`, {
      hint: 'where there was no key none can have been deleted: is the pattern right?',
    })
  }
  return {
    describe,
    about: source.about,
    phrasing: {
      failed: 'not the expected deletions',
      looked: (found) => (Array.isArray(found) ? String(found.length) : String(found)),
    },
    read: (signal) => sense({ kind: 'deletions', name: describe }, () => look(signal)),
  }
}
