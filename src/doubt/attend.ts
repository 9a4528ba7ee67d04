import { type Question, tellLies } from './liar.ts'
import { recordReadings } from './record.ts'

/** How a script is told what to do with its readings; set by the run that doubts it. */
export const DOUBT_VARIABLE = 'SHAKEDOWN_DOUBT'
/** The value of the variable for the first run, which is told the truth. */
export const RECORD = 'record'

/** Does in this process what the variable says: records every reading, or falsifies one. */
export function attendDoubt(text: string): void {
  if (text === RECORD) {
    recordReadings()
    return
  }
  const question: Question = JSON.parse(text)
  tellLies(question)
}
