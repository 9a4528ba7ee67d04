/** Rows of a Markdown table, each by the names of its columns. */
export type Table = readonly Readonly<Record<string, string>>[]

/** The rows of the document's table with exactly these columns; throws when it has none. */
export function tableWith(document: string, ...columns: readonly string[]): Table {
  const lines = document.split('\n')
  const start = lines.findIndex((line) => cellsOf(line).join('|') === columns.join('|'))
  const rows: Record<string, string>[] = []
  for (const line of start < 0 ? [] : lines.slice(start + 2)) {
    if (!line.startsWith('|')) break
    rows.push(Object.fromEntries(cellsOf(line).map((cell, index) => [columns[index] ?? '', cell])))
  }
  if (rows.length === 0) throw new Error(`no table with the columns ${columns.join(', ')}`)
  return rows
}

function cellsOf(line: string): readonly string[] {
  return line.startsWith('|')
    ? line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    : []
}
