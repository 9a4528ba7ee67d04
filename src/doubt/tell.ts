import { formatDuration } from '../duration.ts'
import { shorten } from '../show.ts'
import type { Unasked } from './questions.ts'
import type { Answer, DoubtResult } from './result.ts'

const LONGEST = 100

/** A doubted run in words: what nothing notices first, what could not be asked at the end. */
export function tellDoubt(result: DoubtResult): string {
  const { readings, trusted, unfalsifiable, idle, unconsumed, noticed, unnoticed, score, seconds } = result
  const of = (outcome: Answer['outcome']) => readings.filter((one) => one.outcome === outcome)
  const took = formatDuration(seconds * 1000)
  const head =
    noticed + unnoticed === 0
      ? 'doubt: there was no reading to falsify'
      : `doubt: ${noticed} of ${noticed + unnoticed} falsified readings were noticed, ${score} % (${took})`
  return [
    head,
    ...of('unnoticed').flatMap(tellUnnoticed),
    ...of('unclear').flatMap((one) => [
      `  unclear if ${one.reading} ${one.words}  (${one.at})`,
      `    ${one.by}`,
    ]),
    ...of('defect').flatMap((one) => [
      `  a defect of shakedown if ${one.reading} ${one.words}  (${one.at})`,
      ...one.by.split('\n').map((line) => `    ${line}`),
    ]),
    ...tellClaims('trusted', trusted),
    ...tellClaims('cannot be falsified', unfalsifiable),
    ...tellIdle(idle.length + unconsumed.length),
  ].join('\n')
}

function tellUnnoticed({ reading, words, at, claim, seen }: Answer): readonly string[] {
  const was = claim === '' ? `it was ${seen}` : `${claim}, it was ${seen}`
  return [`  nothing notices if ${reading} ${words}  (${at})`, `    ${shorten(was, LONGEST)}`]
}

function tellIdle(count: number): readonly string[] {
  const what = count === 1 ? 'one thing was read' : `${count} things were read`
  return count === 0 ? [] : [`  ${what}, and no claim depends on it: see doubt.json`]
}

function tellClaims(title: string, claims: readonly Unasked[]): readonly string[] {
  return claims.map(({ at, what, claim, seen, reason }) => {
    const about = nameOf({ what, seen })
    return `  ${title}: ${shorten(`${about} ${claim}`, LONGEST)}  (${at})${reason === undefined ? '' : `: ${reason}`}`
  })
}

/** What a claim is about: the reading, or the value itself where there is none. */
export function nameOf({ what, seen }: Pick<Unasked, 'what' | 'seen'>): string {
  return what === 'value' ? `the value ${shorten(seen, 40)}` : what
}
