import { type Duration, formatDuration, milliseconds, type Period, period } from '../duration.ts'
import { UsageError } from '../error.ts'
import type { Assertion } from '../expect/assertion.ts'
import type { Tracked } from '../expect/track.ts'
import type { Verdict } from '../wait/poll.ts'
import { sense } from '../wait/sense.ts'
import { readLease, readRange, type Source } from './store.ts'

/** How keys are expected to expire. */
export interface ExpireOptions {
  /** Every key has a time to live of at most this when the claim is made, and nobody renews it. */
  readonly within: Duration
}

/** One key's proof. */
export interface Expiry {
  readonly key: string
  /** What its lease was granted for. */
  readonly ttl: Period
  /** Milliseconds from the earliest moment at which its lease can have run out until it was seen to be gone. */
  readonly gone: number
}

interface Claimed {
  readonly name: string
  readonly prefix: string
  readonly source: Source
}

/** A key and its lease at one look; no `left` where the lease is gone, no `lease` where it has none. */
interface Seen {
  readonly key: string
  readonly lease: string | undefined
  readonly granted: number
  readonly left: number | undefined
}

/** One look, by `performance.now()` before it was asked and after it was answered. */
interface Look {
  readonly asked: number
  readonly answered: number
  readonly keys: readonly Seen[]
  /** Leases of keys that were there before, and still live although their key is gone. */
  readonly living: ReadonlySet<string>
}

interface Life {
  readonly key: string
  readonly lease: string
  readonly ttl: number
  /** It cannot run out by itself before. */
  earliest: number
  gone: number | undefined
}

interface Assessment {
  readonly lives: readonly Life[]
  readonly problem: string | undefined
}

/** Leases are looked at twice a second (measured: gone 0.5 s after their time), and a new leader gives them their whole time again. */
const GRACE = 10_000

/** Proves for every key under a prefix that it goes with its lease: alive before, gone after, nobody deleted or renewed it. */
export function claimExpiry(
  { name, prefix, source }: Claimed,
  options: ExpireOptions,
  assertion: Assertion,
): Tracked<readonly Expiry[]> {
  const within = milliseconds(options.within)
  if (!(within > 0)) throw new UsageError("toExpire({ within: '0s' }): nothing expires at once")
  const lives = new Map<string, Life>()
  const begin = performance.now()
  const describe = `keys under ${prefix} in ${name}`
  return assertion.claim<Assessment, readonly Expiry[]>(
    {
      what: describe,
      matcher: 'toExpire',
      expected: `every key to expire by itself within ${formatDuration(within)}`,
      phrasing: { failed: 'keys did not expire by themselves', looked: countLeft, seen: tell },
      about: source.about,
      async read(signal) {
        const look = await sense({ kind: 'record', name: describe }, () =>
          lookOnce(source, prefix, { lives, signal }),
        )
        return assess(look, lives, begin + within)
      },
      judge,
    },
    { within: period(within + GRACE) },
    ({ lives: all }) =>
      all.map(({ key, ttl, gone, earliest }) => ({ key, ttl: period(ttl), gone: (gone ?? 0) - earliest })),
  )
}

async function lookOnce(
  source: Source,
  prefix: string,
  { lives, signal }: { readonly lives: ReadonlyMap<string, Life>; readonly signal: AbortSignal },
): Promise<Look> {
  const asked = performance.now()
  const found = await readRange(source, prefix, signal)
  const answered = performance.now()
  const keys: Seen[] = []
  for (const { key, lease } of found) {
    const ttl = lease === undefined ? undefined : await readLease(source, lease, signal)
    keys.push({ key, lease, granted: ttl?.granted ?? 0, left: ttl?.left })
  }
  const there = new Set(found.map(({ key }) => key))
  const missing = [...lives.values()].filter(({ key, gone }) => gone === undefined && !there.has(key))
  const living = new Set<string>()
  for (const { lease } of missing)
    if ((await readLease(source, lease, signal)) !== undefined) living.add(lease)
  return { asked, answered, keys, living }
}

/** What a look adds to what was known. The first problem is the one that is told: no later look can mend it. */
function assess(look: Look, lives: Map<string, Life>, bound: number): Assessment {
  const problems = look.keys.flatMap((seen) => noteAlive(seen, look, { lives, bound }))
  const there = new Set(look.keys.map(({ key }) => key))
  for (const life of lives.values()) {
    if (life.gone !== undefined || there.has(life.key)) continue
    life.gone = look.answered
    const { key, earliest, lease } = life
    if (look.living.has(lease)) problems.push(`${key} was deleted: its lease still lives`)
    else if (look.answered < earliest)
      problems.push(
        `${key} was gone ${formatDuration(earliest - look.answered)} before its lease could run out: it was revoked`,
      )
  }
  const nothing = lives.size === 0 ? 'there was no key when it was claimed' : undefined
  return { lives: [...lives.values()], problem: problems[0] ?? nothing }
}

function noteAlive(
  { key, lease, granted, left }: Seen,
  { asked }: Look,
  { lives, bound }: { readonly lives: Map<string, Life>; readonly bound: number },
): readonly string[] {
  if (lease === undefined) return [`${key} has no lease: it stays for ever`]
  // Its lease ran out between two questions of this look: the next one finds it gone.
  if (left === undefined) return []
  const earliest = asked + left * 1000
  const life = lives.get(`${key} ${lease}`)
  if (life === undefined)
    lives.set(`${key} ${lease}`, { key, lease, ttl: granted * 1000, earliest, gone: undefined })
  else life.earliest = Math.max(life.earliest, earliest)
  // Whole seconds, rounded down: 0 is said of a lease in its last second, also while it waits to be ended.
  if (left === 0 || earliest <= bound) return []
  const why = life === undefined ? `its lease is one of ${granted}s` : 'somebody keeps its lease alive'
  return [`${key} lives longer than that: ${why}`]
}

function judge({ lives, problem }: Assessment): Verdict {
  if (problem !== undefined) return { met: false, final: true, hint: problem }
  return { met: lives.every(({ gone }) => gone !== undefined) }
}

function countLeft(found: unknown): string {
  if (!isAssessment(found)) return String(found)
  const left = found.lives.filter(({ gone }) => gone === undefined).length
  return left === 1 ? '1 key' : `${left} keys`
}

function tell(found: unknown): string {
  if (!isAssessment(found)) return String(found)
  return found.problem ?? `${countLeft(found)} left of ${found.lives.length}`
}

function isAssessment(value: unknown): value is Assessment {
  return typeof value === 'object' && value !== null && 'lives' in value
}
