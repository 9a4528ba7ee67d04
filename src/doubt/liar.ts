import { emit } from '../event.ts'
import { hearWith, type Looked, type Scope } from './hearing.ts'
import { isFalse, type Lie, type Outcome } from './lie.ts'
import { lieNamed } from './lies.ts'
import { keyOf, type Place } from './place.ts'

/** Which reading is falsified in a run, and how. */
export interface Question {
  readonly place: Place
  readonly reading: string
  readonly of: string
  readonly isRead: boolean
  readonly matcher: string
  readonly lie: string
  /** How long the claim took when it was told the truth, in milliseconds. */
  readonly took: number
}

interface Told {
  readonly since: number
  readonly isConstant: boolean
  count: number
}

/** A claim that was lied to is given up after so many looks, and this long after the first lie: a constant one, another. */
const LOOKS = 3
const PATIENCE = { constant: 250, other: 1000 }

/**
 * Falsifies one reading, from the claim that it is doubted for on to the end of the process: for that claim, and for every
 * later one that looks at the same. What is read for no claim is falsified once.
 */
export function tellLies(question: Question): void {
  const told = new WeakMap<Scope, Told>()
  const wanted = keyOf(question.place)
  let isArmed = false
  let isTold = false

  function lie(looked: Looked, truth: Outcome): { readonly told: Outcome; readonly lie?: Lie } {
    const known = { first: looked.first, since: looked.since, matcher: question.matcher }
    const chosen = lieNamed(looked.kind, question.lie, { truth, known })
    const outcome = chosen?.tell(truth, known) ?? truth
    if (chosen === undefined || !isFalse(outcome, truth)) return { told: truth }
    if (!isTold) emit({ kind: 'doubt:told', reading: question.reading, lie: question.lie })
    isTold = true
    return { told: outcome, lie: chosen }
  }

  const isMeant = ({ kind, name }: Looked) =>
    kind === question.of && (kind === 'deadlines' || name === question.reading)

  hearWith({
    begin({ place }) {
      if (!question.isRead && place !== undefined && keyOf(place) === wanted) isArmed = true
    },
    looked(scope, looked, truth) {
      if (!isArmed || !isMeant(looked)) return truth
      const answer = lie(looked, truth)
      if (answer.lie !== undefined) countLie(told, scope, answer.lie)
      return answer.told
    },
    lookedBeside: (looked, truth) => (isArmed && isMeant(looked) ? lie(looked, truth).told : truth),
    read: (place, looked, truth) =>
      question.isRead && !isTold && isMeant(looked) && keyOf(place) === wanted
        ? lie(looked, truth).told
        : truth,
    isHopeless(scope) {
      const { count, since, isConstant } = told.get(scope) ?? { count: 0, since: 0, isConstant: false }
      const patience = Math.max(isConstant ? PATIENCE.constant : PATIENCE.other, 2 * question.took)
      return count >= LOOKS && performance.now() - since >= patience
    },
  })
}

function countLie(told: WeakMap<Scope, Told>, scope: Scope, { isConstant = false }: Lie): void {
  const known = told.get(scope) ?? { since: performance.now(), isConstant, count: 0 }
  known.count += 1
  told.set(scope, known)
}
