import { toOneLine } from './clean.ts'
import { describeError } from './console/failure.ts'
import type { Style } from './console/style.ts'
import { type FailureResult, failuresOf } from './failures.ts'
import type { Names } from './names.ts'
import { rerunCommand } from './rerun.ts'
import { keptOf, type RunResult } from './result.ts'
import type { Told } from './told.ts'

/** What failures are told with when the run is over. */
export interface WholeOptions {
  readonly style: Style
  readonly names: Names
  readonly evidence: Told['evidence']
}

/** More than this nobody reads: the others have a line each, and all of them are in the results. */
const IN_FULL = 10
/** Log lines below an error that brings none itself. */
const TAIL = 8

/** Everything that failed, for those who were told nothing of it while it happened: where, the whole story, how to run just it again. */
export function describeFailuresWhole(result: RunResult, options: WholeOptions): readonly string[] {
  const { style } = options
  return failuresOf(result).flatMap((failure, index) => {
    const title = `${style.paint('red', style.signs.failed)} ${style.paint('bold', titleOf(failure, options))}`
    const { error } = failure
    if (index >= IN_FULL) return [`${title}: ${toOneLine(error.title)}`]
    return [title, ...describe(failure, options), ...again(failure, result, style), '']
  })
}

function titleOf({ script, path }: FailureResult, { names, style }: WholeOptions): string {
  const name = names.all.length < 2 ? [] : [names.nameOf(script)]
  return [...name, ...path].map(toOneLine).join(` ${style.signs.path} `)
}

function describe({ error, part }: FailureResult, { evidence, style }: WholeOptions): readonly string[] {
  const tail = part === undefined ? [] : evidence.linesOf(part).slice(-TAIL)
  return describeError(error, tail, style)
}

function again({ path: [scenario], part }: FailureResult, result: RunResult, { paint }: Style) {
  if (part === undefined || scenario === undefined) return []
  const kept = keptOf(result, part)
  const line = (key: string, text: string) => `  ${paint('dim', key.padEnd(9))} ${text}`
  return [
    ...(kept === undefined ? [] : [line('evidence', kept.folder)]),
    line('again', rerunCommand(result, scenario)),
  ]
}
