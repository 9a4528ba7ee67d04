import { cleanText, toOneLine } from './clean.ts'

/** Text of others inside of a line or a cell: shown as it is, whatever Markdown or HTML it contains. */
export function inline(text: string): string {
  const line = toOneLine(cleanText(text))
  const harmless = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return harmless.replace(/[\\`*_[\]|~@#]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** Text of others as a block: the fence is longer than any in it. */
export function fence(text: string): string {
  const clean = cleanText(text)
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length))
  const marks = '`'.repeat(longest + 1)
  return `${marks}text\n${clean}\n${marks}\n`
}

/** A table; its cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('')
}
