import type { Debt } from '../context.ts'
import { Failure, UsageError } from '../error.ts'

/** What a step still owes: kept while it runs, collected when it ends. */
export interface Debts {
  owe(debt: Debt): void
  /** Throws for what was never settled, naming every line; gives nothing when all is. */
  collect(): void
}

/** An empty list of debts. */
export function createDebts(): Debts {
  const debts: Debt[] = []
  let isClosed = false
  return {
    owe(debt) {
      if (isClosed) throw tellLate(debt)
      debts.push(debt)
    },
    collect() {
      isClosed = true
      const [first, ...others] = debts.filter((debt) => !debt.settled())
      if (first === undefined) return
      const more = others.map(({ title, at }) => `also: ${title}${at === undefined ? '' : ` (${at})`}`)
      throw new Failure(first.title, {
        ...(first.at === undefined ? {} : { at: first.at.toString() }),
        hint: [first.hint, ...more],
      })
    },
  }
}

/** What a step left running in the background claims something after the step has passed: nobody would see it fail. */
function tellLate({ at }: Debt): UsageError {
  return new UsageError('something goes on after its step or scenario was over', {
    ...(at === undefined ? {} : { at: at.toString() }),
    hint: 'write `await` before whatever begins it',
  })
}
