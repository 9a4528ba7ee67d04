import type { Debt } from '../context.ts'
import { Failure } from '../error.ts'

/** What a step still owes: kept while it runs, collected when it ends. */
export interface Debts {
  owe(debt: Debt): void
  /** Throws for what was never settled, naming every line; gives nothing when all is. */
  collect(): void
}

/** An empty list of debts. */
export function createDebts(): Debts {
  const debts: Debt[] = []
  return {
    owe: (debt) => {
      debts.push(debt)
    },
    collect() {
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
