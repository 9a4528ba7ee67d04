import { stripVTControlCharacters } from 'node:util'

/** A column a character: ASCII, Latin, dashes, quotes and ellipsis, arrows, lines, blocks, ✓ and ✗. */
const PLAIN =
  /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff\u2500-\u25fc\u2713\u2717]*$/
/** Colours: what the console itself puts into a line. Text of others has lost its own. */
const STYLING = /(\p{Cc}\[[\d;]*m)/u
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u
const NOTHING = /^[\p{Mark}\p{Cf}]+$/u
let segmenter: Intl.Segmenter | undefined

/** How many columns a text takes, colours not counted. */
export function widthOf(text: string): number {
  const bare = stripVTControlCharacters(text)
  if (PLAIN.test(bare)) return bare.length
  let width = 0
  for (const { segment } of graphemesOf(bare)) width += widthOfGrapheme(segment)
  return width
}

/** A text cut at the end so that it takes at most so many columns. Its colours take none, and end with it. */
export function fit(text: string, columns: number, mark = '…'): string {
  if (widthOf(text) <= columns) return text
  const room = columns - widthOf(mark)
  if (room < 0) return ''
  let kept = ''
  let left = room
  for (const [index, piece] of text.split(STYLING).entries()) {
    // Those in between are what separates them: colours, all of which stay.
    if (index % 2 === 1) kept += piece
    if (index % 2 === 1 || left < 0) continue
    const begin = beginningOf(piece, left)
    kept += begin === piece ? piece : `${begin}${mark}`
    left = begin === piece ? left - widthOf(piece) : -1
  }
  return kept
}

/** As much of a text as fits into so many columns. */
function beginningOf(text: string, columns: number): string {
  if (PLAIN.test(text)) return text.slice(0, columns)
  let [kept, width] = ['', 0]
  for (const { segment } of graphemesOf(text)) {
    width += widthOfGrapheme(segment)
    if (width > columns) break
    kept += segment
  }
  return kept
}

const SHORT = 8

/** A text with spaces behind it, so that it takes at least so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)))
}

/**
 * A text as lines of at most so many columns. What stands between two spaces or more stays together where it can, else
 * it is broken between words; a longer word has a line of its own.
 */
export function wrap(text: string, columns: number): readonly string[] {
  if (widthOf(text) <= columns) return [text]
  const lines: string[] = []
  let line: string | undefined
  const add = (piece: string, gap: string) => {
    const longer = line === undefined ? piece : `${line}${gap}${piece}`
    const isTooLong = line !== undefined && widthOf(longer) > columns
    if (!isTooLong || line === undefined) {
      line = longer
      return
    }
    // A time is not left alone: the word in front of it comes along.
    const space = gap === '  ' && widthOf(piece) <= SHORT ? line.lastIndexOf(' ') : -1
    lines.push(space > 0 ? line.slice(0, space).trimEnd() : line)
    line = space > 0 ? `${line.slice(space + 1)}${gap}${piece}` : piece
  }
  for (const chunk of text.split('  ')) {
    if (widthOf(chunk) <= columns) add(chunk, '  ')
    else for (const [index, word] of chunk.split(' ').entries()) add(word, index === 0 ? '  ' : ' ')
  }
  return [...lines, line ?? '']
}

/** What segments takes longer to make than most runs take to tell, so it is made when something needs it. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

function widthOfGrapheme(grapheme: string): number {
  if (NOTHING.test(grapheme)) return 0
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1
}
