import { emit } from '../event.ts'
import { type Count, countLie, falsify, isEnough, isMeant, type Question } from './falsify.ts'
import { hearWith, type Looked, type Scope } from './hearing.ts'
import type { Outcome } from './lie.ts'
import { keyOf } from './place.ts'

/** How long claims take, by their place: they may be compared with what is falsified. */
export interface Paces {
  readonly paces: Readonly<Record<string, number>>
}

/** Such a claim is given up that much later than it took, in milliseconds. */
const BESIDE = 2000

/**
 * Falsifies one reading, from the claim that it is doubted for on to the end of its scenario: for that claim, and for every
 * later one that looks at the same. What is read for no claim is falsified once.
 */
export function tellLies(question: Question & Paces): void {
  const counts = new WeakMap<Scope, Count>()
  const wanted = keyOf(question.place)
  let isArmed = false
  let isTold = false

  function lie(looked: Looked, truth: Outcome, scope?: Scope): Outcome {
    const told = isMeant(question, looked) ? falsify(question, looked, truth) : undefined
    if (told === undefined) return truth
    if (!isTold) emit({ kind: 'doubt:told', reading: question.reading, lie: question.lie })
    isTold = true
    if (scope !== undefined) countLie(counts, scope, told.lie)
    return told.outcome
  }

  hearWith({
    begin({ place }) {
      if (!question.isRead && place !== undefined && keyOf(place) === wanted) isArmed = true
    },
    looked: (scope, looked, truth) =>
      isArmed && scope.place?.story === question.place.story ? lie(looked, truth, scope) : truth,
    lookedBeside: (looked, truth) => (isArmed ? lie(looked, truth) : truth),
    read: (place, looked, truth) =>
      question.isRead && !isTold && keyOf(place) === wanted ? lie(looked, truth) : truth,
    isHopeless(scope) {
      const count = counts.get(scope)
      if (count !== undefined) return isEnough(count, question.took)
      return question.isRead && isTold && isLate(scope, question.paces)
    },
  })
}

/** True for a claim that takes much longer than it did in the first run: it is compared with what was falsified. */
function isLate({ place, began }: Scope, paces: Paces['paces']): boolean {
  const pace = place === undefined ? undefined : paces[keyOf(place)]
  return pace !== undefined && performance.now() - began >= BESIDE + 5 * pace
}
