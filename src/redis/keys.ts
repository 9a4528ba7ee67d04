import type { Duration, Period } from '../duration.ts'
import type { Assertion, Patience } from '../expect/assertion.ts'
import type { Bound } from '../expect/bound.ts'
import { own, type Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { checkPattern } from './access.ts'
import { claimExpiry, type ExpireOptions } from './expire.ts'
import type { Expiry } from './expire-story.ts'
import { createRefreshed, type Refreshed } from './refresh.ts'
import { createSource, type RedisAddress, type RedisOptions, type Source } from './target.ts'
import { claimTtl } from './ttl.ts'
import { beginSoon, beginWatch } from './watch.ts'

/** What can be claimed about keys. None of it holds where there is no key. */
export interface KeysMatchers {
  /**
   * Every key expires by itself: it has a deadline no further away than `within` when the claim is made, is there until
   * that, and gone after it. What expired since `keys(…)` was written counts, too; keys that appear meanwhile are held to
   * the same. With `deletions: 0`, no key under the pattern was deleted since the service began. Gives the proof of each.
   */
  toExpire(options: ExpireOptions): Promise<readonly Expiry[]>
  /** Every key has a TTL: at most this long, or one that keeps to the bound. */
  toHaveTtl(ttl: Duration | Bound<Period>, patience?: Patience): Promise<void>
  /** Every key stays for ever. */
  toHaveNoTtl(patience?: Patience): Promise<void>
}

/** The keys under a pattern, sorted. */
export interface Keys extends Reading<readonly string[], KeysMatchers> {
  /** The keys that are written from this moment on. */
  fromNow(): Promise<Refreshed>
  /** When each of them expires, in milliseconds since 1970 by the server's own clock; none never does. */
  deadlines(): Reading<ReadonlyMap<string, number | 'none'>>
}

/**
 * The keys of a Redis that match a pattern, by SCAN. Where the Redis was not started by the script, the pattern must begin
 * with its own prefix. From here on it is watched what becomes of them, also while nobody reads.
 */
export function keys(redis: RedisAddress, pattern: string, options?: RedisOptions): Keys {
  const source = createSource(redis, options)
  checkPattern(source.access, pattern)
  beginSoon(source)
  const describe = `${pattern} in ${source.name}`
  const expiring = { source, pattern, describe, named: performance.now() }
  return {
    describe: `keys ${describe}`,
    read: (signal) =>
      sense({ kind: 'record', name: `keys ${describe}` }, () => readKeys(source, pattern, signal)),
    about: source.about,
    phrasing: {
      failed: 'not the expected keys',
      looked: (found) => (Array.isArray(found) ? String(found.length) : String(found)),
      seen: describeKeys,
    },
    fromNow: () => createRefreshed(source, pattern),
    deadlines: () => ({
      describe: `deadlines of ${describe}`,
      about: source.about,
      read: (signal) =>
        sense({ kind: 'record', name: `deadlines of ${describe}` }, async () => {
          const found = await readDeadlines(source, pattern, signal)
          return new Map([...found].map(([key, deadline]) => [key, deadline ?? ('none' as const)]))
        }),
    }),
    [own]: (assertion: Assertion): KeysMatchers => ({
      toExpire: (given) => claimExpiry(expiring, given, assertion),
      toHaveTtl: (ttl, patience) => claimTtl({ source, pattern, describe, ttl }, patience, assertion),
      toHaveNoTtl: (patience) => claimTtl({ source, pattern, describe, ttl: 'none' }, patience, assertion),
    }),
  }
}

async function readKeys(source: Source, pattern: string, signal?: AbortSignal): Promise<readonly string[]> {
  return [...(await readDeadlines(source, pattern, signal)).keys()].toSorted()
}

async function readDeadlines(source: Source, pattern: string, signal?: AbortSignal) {
  const watch = await beginWatch(source.target())
  return (await watch.look(pattern, { signal })).deadlines
}

function describeKeys(found: unknown): string {
  if (!Array.isArray(found)) return String(found)
  if (found.length === 0) return 'no key'
  const more = found.length > 5 ? ` and ${found.length - 5} more` : ''
  return `${found.length === 1 ? '1 key' : `${found.length} keys`}: ${found.slice(0, 5).join(', ')}${more}`
}
