/** As much of a terminal as the console uses: lines, cursor up, carriage return, erase to the end; it wraps and scrolls. */
export interface Terminal {
  write(text: string): void
  /** Everything that was ever on it, from the first line, without the empty rest. */
  lines(): readonly string[]
  /** The row that the cursor is in, and its column. */
  readonly cursor: readonly [row: number, column: number]
}

// Any control character stands for the escape: the console writes no other one before a bracket.
const TOKEN = /\p{Cc}\[(\d*)([AJ])|\r|\n|\P{Cc}/gu

/** A terminal of so many columns; `rows` above the last ones cannot be reached any more. */
export function createTerminal(columns: number, rows: number): Terminal {
  const lines: string[] = ['']
  let row = 0
  let column = 0

  function down(): void {
    row += 1
    if (row === lines.length) lines.push('')
  }

  function put(character: string): void {
    if (column === columns) {
      down()
      column = 0
    }
    const line = (lines[row] ?? '').padEnd(column)
    lines[row] = line.slice(0, column) + character + line.slice(column + 1)
    column += 1
  }

  function obey(count: number, command: string): void {
    const top = Math.max(0, lines.length - rows)
    if (command === 'A') row = Math.max(top, row - count)
    if (command === 'J') {
      lines[row] = (lines[row] ?? '').slice(0, column)
      lines.length = row + 1
    }
  }

  return {
    write(text) {
      for (const [token, count, command] of text.matchAll(TOKEN)) {
        if (command !== undefined) obey(Number(count || '1'), command)
        else if (token === '\r') column = 0
        else if (token === '\n') {
          down()
          column = 0
        } else put(token)
      }
    },
    lines: () => lines.slice(0, lines.findLastIndex((line) => line !== '') + 1),
    get cursor() {
      return [row, column] as const
    },
  }
}
