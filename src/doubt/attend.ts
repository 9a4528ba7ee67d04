import { readFileSync } from 'node:fs'
import type { Question } from './falsify.ts'
import { type Paces, tellLies } from './liar.ts'
import { recordReadings } from './record.ts'
import { askInPassing, type Numbered } from './surveyor.ts'

/** How a script is told what to do with its readings: an `Order` as JSON, or the path of one. */
export const DOUBT_VARIABLE = 'SHAKEDOWN_DOUBT'

/** What a script does with its readings: tells them all, falsifies one after the other, or one until the end. */
export type Order =
  | { readonly do: 'record' }
  | { readonly do: 'ask in passing'; readonly questions: readonly Numbered[] }
  | { readonly do: 'lie'; readonly question: Question & Paces }

/** Does in this process what the order says. */
export function attendDoubt(text: string): void {
  const order: Order = JSON.parse(text.startsWith('{') ? text : readFileSync(text, 'utf8'))
  if (order.do === 'record') recordReadings()
  else if (order.do === 'lie') tellLies(order.question)
  else askInPassing(order.questions)
}
