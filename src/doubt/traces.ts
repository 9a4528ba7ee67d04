import type { EventOf } from '../event.ts'

type Recorded = EventOf<'doubt:reading'>

/** A text that is shorter turns up in others by chance. */
const TELLING = 4

/**
 * True when what was read turns up in a claim of its scenario: as the value, or in what is expected. By its text, since a
 * number does not say where it comes from. What a script looks at in a load always does: thresholds are no claims.
 */
export function turnsUp(read: Recorded, claims: readonly Recorded[]): boolean {
  if (read.of === 'load') return true
  const texts = claims.flatMap(({ seen, expected }) => [seen, expected])
  return (read.traces ?? []).some((trace) =>
    texts.some((text) => text === trace || (trace.length >= TELLING && hasWord(text, trace))),
  )
}

/** True for claims about the same scenario of the same script. */
export function isBeside(one: Recorded, other: Recorded): boolean {
  return !other.isRead && other.script === one.script && other.place.story === one.place.story
}

/** Reads of one line are one, in whatever step a helper is called. */
export function oncePerLine(reads: readonly Recorded[]): readonly Recorded[] {
  const keyOf = ({ script, place, of, reading, lies }: Recorded) =>
    JSON.stringify([
      script,
      place.story,
      place.at,
      place.column,
      of,
      reading,
      of === 'load' ? lies[0]?.name : '',
    ])
  return [...new Map(reads.toReversed().map((one) => [keyOf(one), one])).values()].reverse()
}

function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word)
  if (at < 0) return false
  const isEdge = (character: string | undefined) => character === undefined || !/[\w.]/.test(character)
  return isEdge(text[at - 1]) && isEdge(text[at + word.length])
}
