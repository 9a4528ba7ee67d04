import type { EventOf } from '../event.ts'
import type { DoubtRecord } from '../event-doubt.ts'
import type { Question } from './falsify.ts'
import type { Paces } from './liar.ts'
import { keyOf } from './place.ts'
import { isBeside, oncePerLine, turnsUp } from './traces.ts'

/** How much is doubted: one lie a reading, or every one that there is for its kind. */
export type Depth = 'one' | 'all'

/** One falsified run: which reading of which script, and how. */
export interface Asked extends Question, Paces {
  readonly script: string
  /** `is zero`. */
  readonly words: string
  /** What is claimed: `toBe at least 5`; empty where it is only read. */
  readonly claim: string
  readonly seen: string
  readonly traces: readonly string[]
  /** The claim sends something: made again, it would do that again. */
  readonly isSending: boolean
  /** What is tried next where nothing notices: what is only read may be compared in one direction. */
  readonly next: readonly Words[]
}

/** A claim that nothing can be asked about. */
export interface Unasked {
  readonly at: string
  readonly story: string
  readonly step: string
  readonly what: string
  readonly claim: string
  readonly seen: string
  /** Why the script says that it is trusted. */
  readonly reason?: string | undefined
}

/** Everything that a first run tells to doubt. */
export interface Doubts {
  readonly asked: readonly Asked[]
  /** Named in the script, with a reason. */
  readonly trusted: readonly Unasked[]
  /** Claims about plain values, and readings that cannot be falsified. */
  readonly plain: readonly Unasked[]
  /** Read, and seen in no claim. */
  readonly unconsumed: readonly Unasked[]
}

/** A request is counted by whoever gets it. */
const SENDING: ReadonlySet<string> = new Set(['answer', 'output', 'startup'])

type Words = DoubtRecord['lies'][number]
type Recorded = EventOf<'doubt:reading'>

/** What the first run recorded as questions. */
export function questionsOf(recorded: readonly Recorded[], depth: Depth): Doubts {
  const trusted = recorded.filter((one) => one.trusted !== undefined)
  const doubted = recorded.filter((one) => one.trusted === undefined)
  const claims = doubted.filter(({ isRead }) => !isRead)
  const claimsBeside = (one: Recorded) => claims.filter((other) => isBeside(one, other))
  const reads = oncePerLine(doubted.filter(({ isRead }) => isRead))
  const sending = new Set(claims.flatMap(({ of, place }) => (SENDING.has(of) ? [keyOf(place)] : [])))
  const consumed = reads.filter((one) => turnsUp(one, claimsBeside(one)))
  return {
    asked: [
      ...claims.flatMap((one) =>
        askAbout(one, depth, { paces: {}, isSending: sending.has(keyOf(one.place)) }),
      ),
      ...consumed.flatMap((one) =>
        askAbout(one, depth, { paces: pacesOf(claimsBeside(one)), isSending: false }),
      ),
    ],
    trusted: uniqueBy(trusted.map(toUnasked)),
    plain: uniqueBy(claims.filter(({ lies }) => lies.length === 0).map(toUnasked)),
    unconsumed: reads.filter((one) => !consumed.includes(one)).map(toUnasked),
  }
}

function askAbout(
  recorded: Recorded,
  depth: Depth,
  more: Pick<Asked, 'paces' | 'isSending'>,
): readonly Asked[] {
  const { script, place, reading, of, isRead, matcher, milliseconds: took, seen, traces = [] } = recorded
  const lies = depth === 'all' ? recorded.lies : recorded.lies.slice(0, 1)
  const common = {
    script,
    place,
    reading,
    of,
    isRead,
    matcher,
    took,
    seen,
    traces,
    ...more,
    claim: claimOf(recorded),
  }
  const next = isRead && depth === 'one' ? recorded.lies.slice(1).filter(isValue) : []
  return lies.map(({ name, words }) => ({ ...common, lie: name, words, next: next.slice(0, 1) }))
}

/** That nothing can be read at all stops any script. */
function isValue({ name }: Words): boolean {
  return name !== 'missing'
}

/** How long each claim took. */
function pacesOf(claims: readonly Recorded[]): Readonly<Record<string, number>> {
  return Object.fromEntries(claims.map(({ place, milliseconds }) => [keyOf(place), Math.round(milliseconds)]))
}

function toUnasked(recorded: Recorded): Unasked {
  const { place, what, seen, trusted: reason } = recorded
  return { at: place.at, story: place.story, step: place.step, what, claim: claimOf(recorded), seen, reason }
}

function claimOf({ matcher, expected }: DoubtRecord): string {
  return `${matcher} ${expected}`.trim()
}

/** A claim with two readings is one claim. */
function uniqueBy(list: readonly Unasked[]): readonly Unasked[] {
  return [...new Map(list.map((one) => [`${one.at} ${one.what} ${one.claim}`, one])).values()]
}
