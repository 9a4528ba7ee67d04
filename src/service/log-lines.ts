import { StringDecoder } from 'node:string_decoder'

/** A line longer than this is cut, in characters: one line without an end must not fill the memory. */
const LONGEST_LINE = 16_384
/** Kept beyond the cut until the line is clean: a secret across the cut would be known no more by its half. */
const MARGIN = 4096
const CARRIAGE_RETURN = 13

/** Cuts a stream of bytes into lines of text. */
export interface LineCutter {
  write(chunk: Uint8Array): void
  /** Gives what is left without a line end. */
  end(): void
}

/**
 * A cutter that gives the whole lines of each chunk, without their ends. Split characters are put together again. `clean`
 * hides what nobody may see in a line before it is cut.
 */
export function createLineCutter(
  give: (lines: readonly string[]) => void,
  clean: (line: string) => string = (line) => line,
): LineCutter {
  let decoder = new StringDecoder('utf8')
  let rest = ''
  let dropped = 0

  function keep(piece: string): void {
    const room = Math.max(LONGEST_LINE + MARGIN - rest.length, 0)
    rest = rest === '' && piece.length <= room ? piece : rest + piece.slice(0, room)
    dropped += Math.max(piece.length - room, 0)
  }

  function takeRest(): string {
    const line = finishLine(rest, dropped, clean)
    rest = ''
    dropped = 0
    return line
  }

  function cut(text: string): void {
    const first = text.indexOf('\n')
    const last = text.lastIndexOf('\n')
    keep(first < 0 ? text : text.slice(0, first))
    if (first < 0) return
    const begun = [takeRest()]
    const whole = first === last ? [] : text.slice(first + 1, last).split('\n')
    keep(text.slice(last + 1))
    give(begun.concat(whole.map((line) => finishLine(line, 0, clean))))
  }

  return {
    write: (chunk) => cut(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))),
    end() {
      cut(decoder.end())
      decoder = new StringDecoder('utf8')
      if (rest !== '' || dropped > 0) give([takeRest()])
    },
  }
}

function finishLine(text: string, dropped: number, clean: (line: string) => string): string {
  const more = dropped + Math.max(text.length - LONGEST_LINE, 0)
  if (more > 0) return `${clean(text).slice(0, LONGEST_LINE)} … (${more} more characters)`
  return text.charCodeAt(text.length - 1) === CARRIAGE_RETURN ? text.slice(0, -1) : text
}
