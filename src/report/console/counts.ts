import type { Names } from '../names.ts'
import { type RunResult, scenariosOf, stepsOf } from '../result.ts'
import type { Style } from './style.ts'
import { count } from './style.ts'
import { describeCauses, describeUnfinished, describeVerdict } from './verdict.ts'

/**
 * The end of a run in as few lines as can be: one where all is well; else also what was under way, why the exit code is
 * what it is where no failure says so, and where the results are.
 */
export function describeCounts(
  result: RunResult,
  options: { readonly style: Style; readonly names: Names },
): readonly string[] {
  const wide = { ...options, columns: Number.POSITIVE_INFINITY }
  const steps = stepsOf(scenariosOf(result))
  const held = `${count(steps.length, 'step')}, ${count(result.claims.met, 'claim')} held`
  const verdict = `${describeVerdict(result, wide)}  ${options.style.paint('dim', held)}`
  if (result.exit === 0) return [verdict]
  const folder = result.results === undefined ? [] : [`results     ${result.results}`]
  const more = [...describeUnfinished(result, wide), ...describeCauses(result, wide)].map((line) =>
    line.trim(),
  )
  return [...more, ...folder, verdict]
}
