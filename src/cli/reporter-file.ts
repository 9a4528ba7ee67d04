import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { toError, UsageError } from '../error.ts'
import { REPORTERS } from '../report/reporter-names.ts'
import { show } from '../show.ts'
import type { EventReporter } from './run-as-library.ts'

/** The reporter that a file exports by default; throws a UsageError for a file that is not there, breaks, or exports none. */
export function loadReporter(file: string): EventReporter {
  const path = resolve(file)
  if (!existsSync(path))
    throw new UsageError(`there is no reporter ${file}`, {
      expected: `a file, or one of ${Object.keys(REPORTERS).join(', ')}`,
    })
  const { default: tell } = loadModule(file, path)
  if (isReporter(tell)) return tell
  throw new UsageError(`${file} exports no reporter`, {
    expected: 'a function over events as its default export',
    last: tell === undefined ? 'it has no default export' : show(tell),
    hint: "write export default (event: Event) => { … }, with import type { Event } from 'shakedown'",
  })
}

function loadModule(file: string, path: string): { readonly default?: unknown } {
  try {
    return createRequire(path)(path)
  } catch (thrown) {
    throw new UsageError(`the reporter ${file} cannot be loaded`, {
      last: toError(thrown).message.split('\n', 1)[0] ?? '',
      cause: thrown,
    })
  }
}

function isReporter(value: unknown): value is EventReporter {
  return typeof value === 'function'
}
