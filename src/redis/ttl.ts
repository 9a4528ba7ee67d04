import { type Duration, type Period, period, toPeriod } from '../duration.ts'
import { Failure, UsageError } from '../error.ts'
import type { Assertion, Patience } from '../expect/assertion.ts'
import { type Bound, isBound, keepsTo } from '../expect/bound.ts'
import type { Tracked } from '../expect/track.ts'
import type { Verdict } from '../wait/poll.ts'
import type { Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { checkKey, checkPattern } from './access.ts'
import { connect } from './connection.ts'
import { scan } from './look.ts'
import { readNumber } from './reply.ts'
import { createSource, type RedisAddress, type RedisOptions, type Source } from './target.ts'

/** How long a key still lives; `none` when it has no TTL. */
export type Ttl = Period | 'none'

/** How long a key still lives. Reading it fails where there is no such key, or where it has no TTL. */
export function ttl(redis: RedisAddress, key: string, options?: RedisOptions): Reading<Period> {
  const source = createSource(redis, options)
  checkKey(source.access, key)
  return {
    describe: `TTL of ${key} in ${source.name}`,
    about: source.about,
    phrasing: { failed: 'not the expected TTL' },
    async read(signal) {
      const sensed = { kind: 'ttl', name: `TTL of ${key} in ${source.name}` } as const
      const found = (await sense(sensed, () => askTtls(source, [key], signal))).get(key)
      if (found === undefined) throw new Failure(`there is no key ${key} in ${source.name}`)
      if (found === 'none') throw new Failure(`${key} has no TTL in ${source.name}`)
      return found
    },
  }
}

/** How long each key under a pattern still lives. */
export function ttls(
  redis: RedisAddress,
  pattern: string,
  options?: RedisOptions,
): Reading<ReadonlyMap<string, Ttl>> {
  const source = createSource(redis, options)
  checkPattern(source.access, pattern)
  return {
    describe: `TTLs of ${pattern} in ${source.name}`,
    about: source.about,
    phrasing: { failed: 'not the expected TTLs' },
    read: (signal) => readTtls(source, pattern, signal),
  }
}

/** A claim about the TTL of every key: a limit, a bound, or that there is none. */
export interface TtlClaim {
  readonly source: Source
  readonly pattern: string
  readonly describe: string
  readonly ttl: Duration | Bound<Period> | 'none'
}

/** Waits until every key under the pattern has such a TTL, and there is one. */
export function claimTtl(
  claim: TtlClaim,
  patience: Patience | undefined,
  assertion: Assertion,
): Tracked<void> {
  const { source, pattern, describe } = claim
  const wanted = readWanted(claim.ttl)
  return assertion.claim(
    {
      what: describe,
      matcher: claim.ttl === 'none' ? 'toHaveNoTtl' : 'toHaveTtl',
      expected: `every key ${wanted.describe}`,
      phrasing: {
        failed: claim.ttl === 'none' ? 'keys with a TTL' : 'keys without the expected TTL',
        looked: (found) => lookAt(found, wanted),
        seen: (found) => see(found, wanted),
      },
      about: source.about,
      read: (signal) => readTtls(source, pattern, signal),
      judge: (found): Verdict => ({ met: found.size > 0 && offendersIn(found, wanted).length === 0 }),
    },
    patience,
  )
}

interface Wanted {
  readonly describe: string
  holds(found: Ttl): boolean
}

function readWanted(wanted: Duration | Bound<Period> | 'none'): Wanted {
  if (wanted === 'none') return { describe: 'without a TTL', holds: (found) => found === 'none' }
  if (isBound(wanted))
    return {
      describe: `with a TTL ${wanted.describe}`,
      holds: (found) => found !== 'none' && keepsTo(found, wanted),
    }
  const limit = toPeriod(wanted)
  if (limit.milliseconds === 0)
    throw new UsageError('toHaveTtl: no key has a TTL of at most 0ms', {
      hint: 'for keys that stay use toHaveNoTtl()',
    })
  return {
    describe: `with a TTL at most ${limit}`,
    holds: (found) => found !== 'none' && found.milliseconds <= limit.milliseconds,
  }
}

function readTtls(
  source: Source,
  pattern: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Ttl>> {
  return sense({ kind: 'ttl', name: `TTLs of ${pattern} in ${source.name}` }, async () => {
    const connection = await connect(source.target())
    const { keys } = await scan(connection, pattern, { signal })
    return askTtls(source, keys.toSorted(), signal)
  })
}

/** Keys that are gone by then are not in the answer. */
async function askTtls(
  source: Source,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Ttl>> {
  const connection = await connect(source.target())
  const replies =
    keys.length === 0
      ? []
      : await connection.ask(
          keys.map((key) => ['PTTL', key]),
          { signal },
        )
  const found = new Map<string, Ttl>()
  for (const [index, key] of keys.entries()) {
    const left = readNumber(replies[index], 'PTTL')
    if (left !== -2) found.set(key, left === -1 ? 'none' : period(left))
  }
  return found
}

function offendersIn(found: unknown, wanted: Wanted): readonly string[] {
  if (!(found instanceof Map)) return []
  return [...found].flatMap(([key, seen]) =>
    wanted.holds(seen) ? [] : [`${key}: ${seen === 'none' ? 'no TTL' : seen}`],
  )
}

function lookAt(found: unknown, wanted: Wanted): string {
  const size = found instanceof Map ? found.size : 0
  return size === 0 ? 'no key' : `${offendersIn(found, wanted).length} of ${size} wrong`
}

function see(found: unknown, wanted: Wanted): string {
  const size = found instanceof Map ? found.size : 0
  if (size === 0) return 'no key'
  const offenders = offendersIn(found, wanted)
  const more = offenders.length > 5 ? [`and ${offenders.length - 5} more`] : []
  return [
    `${offenders.length} of ${size === 1 ? '1 key' : `${size} keys`} wrong`,
    ...offenders.slice(0, 5),
    ...more,
  ].join('\n')
}
