import { ShakedownError } from '../error.ts'

const WINDOW = 100

/** Where a text stops being an exposition: `line` and `column` count from 1, columns in UTF-16 units. */
export interface Place {
  readonly line: number
  readonly column: number
  /** The whole line, without its end. */
  readonly text: string
}

/** An answer that is not an exposition. `place` is missing when it was refused before its first line was read. */
export class ExpositionError extends ShakedownError {
  readonly place: Place | undefined

  constructor(title: string, story: { expected: string; hint?: string | undefined; place?: Place }) {
    const { expected, hint, place } = story
    super('failed', title, {
      expected,
      ...(place === undefined ? {} : { last: drawCaret(place) }),
      ...(hint === undefined ? {} : { hint }),
    })
    this.name = 'ExpositionError'
    this.place = place
  }
}

/** The place of an offset in a text. */
export function placeAt(source: string, at: number): Place {
  const start = at === 0 ? 0 : source.lastIndexOf('\n', at - 1) + 1
  const end = source.indexOf('\n', at)
  let line = 1
  for (let next = source.indexOf('\n'); next !== -1 && next < start; next = source.indexOf('\n', next + 1))
    line += 1
  return { line, column: at - start + 1, text: source.slice(start, end === -1 ? source.length : end) }
}

/** The line with a caret below the column; a long line is cut around it, control characters are made visible. */
export function drawCaret({ text, column }: Place): string {
  const from = Math.max(0, column - 1 - WINDOW / 2)
  const before = showControls(text.slice(from, column - 1))
  const after = showControls(text.slice(column - 1, from + WINDOW))
  const head = from > 0 ? '…' : ''
  const tail = from + WINDOW < text.length ? '…' : ''
  const gap = ' '.repeat([...head, ...before].length)
  return `${head}${before}${after}${tail}\n${gap}^`
}

/** Control characters as their pictures (U+2400 …), so that they neither vanish nor move the caret. */
function showControls(text: string): string {
  let shown = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    shown += code < 32 ? String.fromCodePoint(0x2400 + code) : character
  }
  return shown
}
