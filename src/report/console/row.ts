import { pad, wrap } from '../width.ts'
import type { Style } from './style.ts'

const LABEL = 11

/** A label and what stands beside it: each text wrapped, further lines below the first. */
export function row(
  label: string,
  texts: readonly string[],
  options: { readonly style: Style; readonly columns: number },
): readonly string[] {
  // Paths and lists of ids: a line that is much wider than a page is hard to read in any window.
  const room = Math.max(30, Math.min(options.columns, 120) - LABEL - 2)
  const lines = texts.flatMap((text) => wrap(text, room))
  return lines.map((line, index) => {
    const head = pad(index === 0 ? label : '', LABEL)
    return ` ${options.style.paint('dim', head)} ${line}`
  })
}

/** Lines below a row, as they are: columns in them stay columns. */
export function list(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${' '.repeat(LABEL + 2)}${line}`)
}
