import type { EventOf } from '../event.ts'
import type { DoubtRecord } from '../event-doubt.ts'
import type { Question } from './liar.ts'

/** How much is doubted: one lie a reading, or every one that there is for its kind. */
export type Depth = 'one' | 'all'

/** One falsified run: which reading of which script, and how. */
export interface Asked extends Question {
  readonly script: string
  /** `is zero`. */
  readonly words: string
  /** What is claimed: `toBe at least 5`; empty where it is only read. */
  readonly claim: string
  readonly seen: string
}

/** A claim that nothing can be asked about. */
export interface Unasked {
  readonly at: string
  readonly story: string
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
}

type Recorded = EventOf<'doubt:reading'>

/** What the first run recorded as questions. */
export function questionsOf(recorded: readonly Recorded[], depth: Depth): Doubts {
  const trusted = recorded.filter((one) => one.trusted !== undefined)
  const doubted = recorded.filter((one) => one.trusted === undefined)
  return {
    asked: doubted.flatMap((one) => askAbout(one, depth)),
    trusted: uniqueBy(trusted.map(toUnasked)),
    plain: uniqueBy(doubted.filter(({ lies, isRead }) => lies.length === 0 && !isRead).map(toUnasked)),
  }
}

function askAbout(recorded: Recorded, depth: Depth): readonly Asked[] {
  const { script, place, reading, of, isRead, matcher, milliseconds: took, seen } = recorded
  const lies = depth === 'all' ? recorded.lies : recorded.lies.slice(0, 1)
  const common = { script, place, reading, of, isRead, matcher, took, seen, claim: claimOf(recorded) }
  return lies.map(({ name, words }) => ({ ...common, lie: name, words }))
}

function toUnasked(recorded: Recorded): Unasked {
  const { place, what, seen, trusted: reason } = recorded
  return { at: place.at, story: place.story, what, claim: claimOf(recorded), seen, reason }
}

function claimOf({ matcher, expected }: DoubtRecord): string {
  return `${matcher} ${expected}`.trim()
}

/** A claim with two readings is one claim. */
function uniqueBy(list: readonly Unasked[]): readonly Unasked[] {
  return [...new Map(list.map((one) => [`${one.at} ${one.what} ${one.claim}`, one])).values()]
}
