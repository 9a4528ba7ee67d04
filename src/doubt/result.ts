import type { Answered } from './ask.ts'
import type { Asked, Depth, Doubts, Unasked } from './questions.ts'

/** What a doubted run comes to: `doubt.json` as it stands. `docs/doubt.md` says what each field means. */
export interface DoubtResult {
  readonly version: 1
  readonly depth: Depth
  readonly noticed: number
  /** With those that are unclear. */
  readonly unnoticed: number
  /** Noticed of all, in percent, rounded down; 0 where nothing was asked. */
  readonly score: number
  readonly seconds: number
  readonly readings: readonly Answer[]
  /** Read for no claim, and nothing depends on it as far as can be seen: these do not count. */
  readonly idle: readonly Answer[]
  /** Read, and seen in no claim: these are not falsified. */
  readonly unconsumed: readonly Unasked[]
  readonly trusted: readonly Unasked[]
  /** Claims that no falsified reading ever turned red. */
  readonly unfalsifiable: readonly Unasked[]
}

/** One reading that was falsified. */
export interface Answer {
  readonly outcome: Answered['verdict']['outcome']
  readonly reading: string
  readonly words: string
  readonly lie: string
  readonly kind: string
  readonly at: string
  readonly script: string
  readonly scenario: string
  readonly step: string
  readonly claim: string
  readonly seen: string
  /** What went red; why it is unclear. */
  readonly by: string
  /** The step in which that happened. */
  readonly redStep: string
  readonly seconds: number
}

/** Adds up what was answered. */
export function resultOf(
  doubts: Doubts,
  answers: readonly Answered[],
  run: { readonly depth: Depth; readonly seconds: number },
): DoubtResult {
  const red = new Set(answers.flatMap(({ verdict }) => verdict.red))
  const unproven = doubts.plain.filter(({ at }) => !red.has(at))
  const unnoticedReads = answers.flatMap(({ asked, verdict }) =>
    asked.isRead && verdict.outcome === 'unnoticed' ? [asked] : [],
  )
  const isIdle = ({ asked }: Answered) =>
    unnoticedReads.includes(asked) && !unproven.some((claim) => isTraced(asked, claim))
  // A value that is known to come from a reading could be falsified: nobody noticed.
  const unfalsifiable = unproven.filter((claim) => !unnoticedReads.some((asked) => isTraced(asked, claim)))
  const readings = answers.filter((answer) => !isIdle(answer))
  const noticed = readings.filter(({ verdict }) => verdict.outcome === 'noticed').length
  // What is unclear was not noticed, either.
  const all = readings.filter(({ verdict }) => verdict.outcome !== 'defect').length
  return {
    version: 1,
    ...run,
    ...{ noticed, unnoticed: all - noticed, score: all === 0 ? 0 : Math.floor((100 * noticed) / all) },
    readings: readings.map(toAnswer),
    idle: answers.filter(isIdle).map(toAnswer),
    unconsumed: doubts.unconsumed,
    trusted: doubts.trusted,
    unfalsifiable,
  }
}

/** A value that was read and is claimed some lines further: the same text in the same step. */
function isTraced({ traces, place }: Asked, { story, step, seen }: Unasked): boolean {
  return story === place.story && step === place.step && traces.includes(seen)
}

function toAnswer({ asked, verdict }: Answered): Answer {
  const { place, reading, words, lie, of: kind, script, claim, seen } = asked
  return {
    outcome: verdict.outcome,
    ...{ reading, words, lie, kind, at: place.at, script, scenario: place.story, step: place.step },
    ...{ claim, seen, by: verdict.by, redStep: verdict.redStep, seconds: Number(verdict.seconds.toFixed(1)) },
  }
}
