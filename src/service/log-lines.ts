import { StringDecoder } from 'node:string_decoder'

/** A line longer than this is cut, in characters: one line without an end must not fill the memory. */
const LONGEST_LINE = 16_384

/** Cuts a stream of bytes into lines of text. */
export interface LineCutter {
  write(chunk: Uint8Array): void
  /** Gives what is left without a line end. */
  end(): void
}

/** A cutter that gives whole lines, without their ends. Characters that are split over chunks are put together again. */
export function createLineCutter(give: (line: string) => void): LineCutter {
  let decoder = new StringDecoder('utf8')
  let rest = ''
  let dropped = 0

  function keep(piece: string): void {
    const room = Math.max(LONGEST_LINE - rest.length, 0)
    rest += piece.slice(0, room)
    dropped += Math.max(piece.length - room, 0)
  }

  function finish(): void {
    const line = rest.endsWith('\r') ? rest.slice(0, -1) : rest
    give(dropped === 0 ? line : `${line} … (${dropped} more characters)`)
    rest = ''
    dropped = 0
  }

  function cut(text: string): void {
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      keep(text.slice(from, end))
      finish()
      from = end + 1
    }
    keep(text.slice(from))
  }

  return {
    write: (chunk) => cut(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))),
    end() {
      cut(decoder.end())
      decoder = new StringDecoder('utf8')
      if (rest !== '' || dropped > 0) finish()
    },
  }
}
