import { type CallSite, callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { type Duration, milliseconds } from '../duration.ts'
import { UsageError } from '../error.ts'
import { emit } from '../event.ts'
import { mode } from '../mode.ts'
import { didYouMean } from '../nearest.ts'
import type { Owner } from '../reference.ts'
import { shorten, show } from '../show.ts'
import { poll, type Verdict, type Waited } from '../wait/poll.ts'
import type { Phrasing } from '../wait/reading.ts'
import { isHopeless, isToBeMadeAgain, sense, senseFor } from '../wait/sense.ts'
import { createFailureAt, describeFailure } from './failure.ts'
import type { Matcher } from './matcher.ts'
import { type Tracked, track } from './track.ts'

/** How long a claim about a reading may take to come true, and how long it must then stay true. */
export interface Patience {
  /** Looked at again until it holds, for at most this long; the mode's patience where it is not given. */
  readonly within?: Duration
  /** Once it holds, it must go on holding for this long: what passes through the right value is not right. */
  readonly holding?: Duration
}

const PATIENCE: readonly string[] = ['within', 'holding']

/** A claim about something that can be looked at again. */
export interface Claim<T> {
  /** What it is about: `gunicorn_worker_requests_total summed`. */
  readonly what: string
  readonly matcher: string
  /** `100`, `at least 5`. */
  readonly expected: string
  readonly phrasing?: Phrasing | undefined
  /** Whose log lines belong to a failure. */
  readonly about?: Iterable<Owner> | undefined
  /** Looking does something: looked at once, unless the script gives `within`. */
  readonly once?: boolean | undefined
  read(signal: AbortSignal): Promise<T>
  judge(value: T): Verdict | Promise<Verdict>
}

/** One `expect(…)` in a script: what the matchers that a reading brings are made with. */
export interface Assertion {
  readonly at: CallSite | undefined
  /** Waits for the claim and gives what `give` makes of the value; fails in the one error format, pointing at the line of the `expect`. */
  claim<T, Given = void>(claim: Claim<T>, patience?: Patience, give?: (value: T) => Given): Tracked<Given>
  /** Judges a value once; throws the failure. */
  judge(value: unknown, matcher: Matcher): void
  /** For a matcher that knows itself when to look: counted and awaited like any other claim. */
  prove<T>(prove: (signal: AbortSignal | undefined) => Promise<T>): Tracked<T>
}

/** Begins an assertion at the caller's line. One that gets no matcher fails the running step. `trusted` is why `--doubt` leaves it alone. */
export function createAssertion(trusted?: string): Assertion {
  const at = callSite()
  const forgotten = {
    at,
    title: 'an expectation was not awaited',
    hint: 'write `await` before it: await expect(reading).to…',
  }
  let used = false
  currentContext()?.owe({
    title: 'expect(…) without a matcher claims nothing',
    hint: 'finish it: await expect(reading).toBe(…)',
    at,
    settled: () => used,
  })
  return {
    at,
    claim<T, Given>(claim: Claim<T>, patience: Patience = {}, give?: (value: T) => Given) {
      used = true
      const isOnce = claim.once === true && patience.within === undefined
      return senseFor({ at, trusted, isOnce }, () =>
        track(forgotten, async () => {
          const value = await waitFor(claim, patience, at)
          return give?.(value) as Given // without `give`, Given is void
        }),
      )
    },
    judge(value, matcher) {
      used = true
      senseFor({ at, trusted, isOnce: true }, () => judgeOnce(value, matcher, at))
    },
    prove(prove) {
      used = true
      currentContext()?.countClaim()
      return senseFor({ at, trusted, isOnce: true }, () =>
        track(forgotten, () => prove(currentContext()?.signal)),
      )
    },
  }
}

async function waitFor<T>(claim: Claim<T>, patience: Patience, at: CallSite | undefined): Promise<T> {
  const context = currentContext()
  context?.countClaim()
  checkPatience(patience)
  const values: [number, number][] = []
  const began = performance.now()
  const source = { kind: 'reading', name: claim.what } as const
  const look = () =>
    poll<T>((signal) => sense(source, () => claim.read(signal)), {
      isHopeless,
      what: `${claim.what}: ${claim.expected}`,
      within: withinOf(claim, patience),
      holding: patience.holding === undefined ? 0 : milliseconds(patience.holding),
      signal: context?.signal,
      once: claim.once === true && patience.within === undefined,
      judge(value) {
        if (typeof value === 'number') values.push([Math.round(performance.now() - began), value])
        return claim.judge(value)
      },
      show: claim.phrasing?.looked,
    })
  let waited = await look()
  while (isToBeMadeAgain(waited)) waited = await look()
  tellClaim(claim, waited, { at, values })
  if (waited.ended === 'met') return waited.value as T // met is only ever said of a value that was read
  if (waited.ended === 'aborted' && context?.signal.aborted === true) throw context.signal.reason
  throw describeFailure(claim, waited, at)
}

/** What is looked at once may take as long as a request may, also where the mode's patience is over: it cannot be looked at again. */
const ONCE = 30_000

function withinOf({ once = false }: Pick<Claim<unknown>, 'once'>, { within }: Patience): number {
  if (within !== undefined) return milliseconds(within)
  return once ? Math.max(mode.patience.milliseconds, ONCE) : mode.patience.milliseconds
}

/** Types say so, too, where somebody compiles: a misspelt "within" would be the mode's patience. */
function checkPatience(patience: Patience): void {
  const unknown = Object.keys(patience).find((name) => !PATIENCE.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`an expectation has no option ${unknown}`, { hint: didYouMean(unknown, PATIENCE) })
}

function judgeOnce(value: unknown, matcher: Matcher, at: CallSite | undefined): void {
  currentContext()?.countClaim()
  const verdict = matcher.judge(value)
  const last = show(value)
  const claim = { what: 'value', matcher: matcher.name, expected: matcher.describe, last, milliseconds: 0 }
  emit({ kind: 'claim', ...claim, met: verdict.met, at: at?.toString() })
  if (verdict.met) return
  throw createFailureAt(at, `not as expected: ${shorten(last, 60)}`, {
    expected: matcher.describe,
    last,
    ...(verdict.hint === undefined ? {} : { hint: verdict.hint }),
  })
}

function tellClaim<T>(
  claim: Claim<T>,
  waited: Waited<T>,
  more: { at: CallSite | undefined; values: readonly [number, number][] },
): void {
  emit({
    kind: 'claim',
    what: claim.what,
    matcher: claim.matcher,
    expected: claim.expected,
    last:
      waited.value === undefined
        ? (waited.error?.message ?? 'nothing')
        : (claim.phrasing?.looked?.(waited.value) ?? show(waited.value)),
    met: waited.ended === 'met',
    ...(waited.ended === 'aborted' ? { aborted: true } : {}),
    at: more.at?.toString(),
    looks: waited.looks,
    count: waited.count,
    milliseconds: waited.milliseconds,
    values: more.values,
  })
}
