import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { currentContext } from '../context.ts'
import { emit } from '../event.ts'
import type { Tried } from '../wait/sense.ts'
import { type Count, countLie, falsify, isEnough, isMeant, type Question } from './falsify.ts'
import { hearWith, type Scope } from './hearing.ts'
import { keyOf } from './place.ts'

/** A question of a survey, by its number. */
export interface Numbered extends Question {
  readonly number: number
}

const OWN_FOLDER = `${dirname(dirname(fileURLToPath(import.meta.url)))}${sep}`

/**
 * Asks many questions in one run: each claim is made with one lie after the other, and at last with the truth, by which the
 * scenario goes on. Tells for each whether the claim itself noticed.
 */
export function askInPassing(questions: readonly Numbered[]): void {
  const waiting = Map.groupBy(questions, ({ place }) => keyOf(place))
  const queues = new WeakMap<Scope, Numbered[]>()
  const counts = new WeakMap<Scope, Count>()
  hearWith({
    begin(scope) {
      const { place, isOnce } = scope
      // Inside of a finding a claim that fails is as it should be.
      if (place === undefined || isOnce || currentContext()?.finding !== undefined) return
      queues.set(scope, [...(waiting.get(keyOf(place)) ?? [])])
      waiting.delete(keyOf(place))
    },
    looked(scope, looked, truth) {
      const [question] = queues.get(scope) ?? []
      const told =
        question !== undefined && isMeant(question, looked) ? falsify(question, looked, truth) : undefined
      if (question === undefined || told === undefined) return truth
      const { reading, lie, number } = question
      if (!counts.has(scope)) emit({ kind: 'doubt:told', reading, lie, number })
      countLie(counts, scope, told.lie)
      return told.outcome
    },
    read: (_, __, truth) => truth,
    isHopeless(scope) {
      const [question] = queues.get(scope) ?? []
      const count = counts.get(scope)
      return question !== undefined && count !== undefined && isEnough(count, question.took)
    },
    isToBeMadeAgain(scope, tried) {
      const queue = queues.get(scope) ?? []
      const question = queue.shift()
      if (question === undefined || tried.ended === 'aborted') return false
      if (counts.delete(scope)) tellTried(question, tried)
      scope.looks.clear()
      return true
    },
  })
}

function tellTried({ number }: Numbered, { ended, error }: Tried): void {
  const defect = error !== undefined && isOwnMistake(error) ? error.stack : undefined
  emit({ kind: 'doubt:tried', number, isNoticed: ended !== 'met', defect })
}

/** A TypeError in the project's own code: the lie was of a shape that nobody can be given. */
function isOwnMistake({ name, stack = '' }: Error): boolean {
  if (!/^(Type|Range|Reference)Error$/.test(name)) return false
  const frame = stack.split('\n').find((line) => /^\s+at /.test(line)) ?? ''
  return frame.includes(OWN_FOLDER)
}
