import { ShakedownError, UsageError } from '../error.ts'
import { emit } from '../event.ts'
import type { Assertion } from '../expect/assertion.ts'
import { createFailureAt, lastLinesOf } from '../expect/failure.ts'
import { own, type Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { control } from './control.ts'
import type { Program } from './program.ts'
import { startAll } from './start.ts'

/** What can be claimed about a start that must not succeed. */
export interface StartupMatchers {
  /** It does not come up, and says why, in its error or in its log; gives the error. */
  toFail(because: RegExp): Promise<ShakedownError>
}

/** The start of a service as something to claim about: `await expect(startup(app)).toFail(/no such file/)`. */
export function startup(program: Program<string>): Reading<'ready', StartupMatchers> {
  const one = program[control]
  const describe = `start of ${program.name}`
  return {
    describe,
    about: [one],
    once: true,
    read: async () => {
      await startAll([one])
      return 'ready'
    },
    [own]: (assertion: Assertion): StartupMatchers => ({
      toFail: (because) =>
        assertion.prove(async () => {
          const error = await errorOf(() => sense({ kind: 'startup', name: describe }, () => startAll([one])))
          const log = lastLinesOf([one], LINES).join('\n')
          const met = error !== undefined && because.test(`${error.message}\n${log}`)
          const [expected, last] = [`to fail, because of ${because}`, error?.title ?? 'it is ready']
          const at = assertion.at?.toString()
          emit({ kind: 'claim', what: describe, matcher: 'toFail', expected, last, met, at, milliseconds: 0 })
          if (met) return error
          const title =
            error === undefined
              ? `${program.name} started, and must not`
              : `${program.name} failed for another reason`
          throw createFailureAt(assertion.at, title, {
            expected,
            last,
            log: lastLinesOf([one]),
            cause: error,
          })
        }),
    }),
  }
}

const LINES = 50

async function errorOf(act: () => Promise<void>): Promise<ShakedownError | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    if (error instanceof ShakedownError && !(error instanceof UsageError)) return error
    throw error
  }
}
