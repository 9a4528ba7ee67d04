import type { Judged } from './chaos.ts'

/** One line for a blow. */
export function describeBlow(blow: Judged): string {
  const { strike, wrong, outlived, goneAfter, cleanAfter, limit, code, tooLate } = blow
  const { kind, after } = strike
  const mark = wrong.length > 0 ? 'LEFT' : isLate(blow) ? 'LATE' : 'ok  '
  const how = tooLate ? 'had ended' : code === null ? 'by signal' : `exit ${code}`
  const times = `gone ${Math.round(goneAfter)} ms, clean ${Math.round(cleanAfter)} ms (limit ${Math.round(limit)} ms)`
  const head = `${mark} ${kind.padEnd(8)} after ${String(after).padStart(5)} ms  ${how.padEnd(9)}  ${times}`
  const late = isLate(blow) || kind === 'int' || kind === 'term' || kind === 'hup' ? outlived : []
  return [head, ...wrong, ...late.map((one) => `outlived the runner: ${one}`)].join('\n       ')
}

/** The numbers of a session, kind by kind, and whether nothing was left and nothing late. */
export function summarise(blows: readonly Judged[]): {
  readonly lines: readonly string[]
  readonly good: boolean
} {
  const kinds = [...new Set(blows.map(({ strike: { kind } }) => kind))]
  const lines = kinds.map((kind) => {
    const own = blows.filter((blow) => blow.strike.kind === kind)
    const struck = own.filter(({ tooLate }) => !tooLate)
    const gone = struck.map(({ goneAfter }) => goneAfter).toSorted((left, right) => left - right)
    const clean = struck.map(({ cleanAfter }) => cleanAfter).toSorted((left, right) => left - right)
    const left = own.filter(({ wrong }) => wrong.length > 0).length
    const late = own.filter(isLate).length
    return [
      `${kind.padEnd(8)} ${own.length} runs, ${own.length - struck.length} had ended before; ${left} wrong, ${late} late;`,
      `processes gone after ${spread(gone)}; files ${spread(clean)}`,
    ].join(' ')
  })
  return { lines, good: blows.every((blow) => blow.wrong.length === 0 && !isLate(blow)) }
}

/** After `all` it is the next run that cleans: what takes time then is its own start. */
function isLate({ strike: { kind }, goneAfter, limit }: Judged): boolean {
  return kind !== 'all' && goneAfter > limit
}

function spread(sorted: readonly number[]): string {
  const at = (part: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)
  return `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, slowest ${at(1)} ms`
}
