import { UsageError } from '../error.ts'
import { didYouMean } from '../nearest.ts'

/** Throws a UsageError with the nearest name for an option that does not exist. */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      throw new UsageError(`${where} has no option ${name}`, { hint: didYouMean(name, known) })
  }
}
