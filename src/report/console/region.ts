import type { Screen } from '../screen.ts'
import { fit, widthOf } from '../width.ts'

/** The lines at the bottom of a terminal that are drawn again and again; everything else scrolls above them. */
export interface Region {
  /** Writes text for good, above the region. It must end with a line break. */
  write(text: string): void
  /** Replaces what the region shows. */
  draw(lines: readonly string[]): void
  /** Takes the region away. Nothing of the terminal was changed, so nothing else is to be restored. */
  clear(): void
}

/**
 * A region that is empty at first. The cursor always stands below it, at the beginning of a line. What others write to
 * the same terminal appears above it, line by line.
 */
export function createRegion(screen: Screen): Region {
  let drawn: readonly string[] = []
  let unfinished = ''
  const release = screen.capture?.((text) => {
    const lines = `${unfinished}${text}`.split('\n')
    unfinished = lines.pop() ?? ''
    if (lines.length > 0) show(`${lines.join('\n')}\n`, drawn)
  })

  /** Up to the first drawn line, and everything from there on away. A terminal made narrower has wrapped them. */
  function erase(): string {
    if (drawn.length === 0) return ''
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / screen.columns)), 0)
    return `\u001b[${rows}A\r\u001b[J`
  }

  function show(text: string, lines: readonly string[]): void {
    const before = erase()
    drawn = lines
    screen.write(`${before}${text}${lines.map((line) => `${line}\n`).join('')}`)
  }

  return {
    write: (text) => show(text, drawn),
    draw(lines) {
      const room = Math.max(1, screen.rows - 2)
      // One column less than there are: a full line makes some terminals wrap already.
      const next = lines.slice(0, room).map((line) => fit(line, screen.columns - 1))
      if (next.join('\n') !== drawn.join('\n')) show('', next)
    },
    clear() {
      release?.()
      show(unfinished === '' ? '' : `${unfinished}\n`, [])
      unfinished = ''
    },
  }
}
