import type { Stream } from '../log.ts'

/** Bytes before each piece: which stream, three of nothing, how many bytes follow. */
const HEADER = 8

/**
 * Takes apart what the engine sends of a container's two streams over one connection: pieces, each behind its header, which
 * may be cut anywhere. Gives the function that takes the next chunk.
 */
export function createFrameReader(
  write: (stream: Stream, chunk: Uint8Array) => void,
): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  /** How much of the piece that began earlier is still to come. */
  let left = 0
  let stream: Stream = 'stdout'
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      if (left > 0) {
        const piece = rest.subarray(0, left)
        if (piece.length === 0) return
        write(stream, piece)
        left -= piece.length
        rest = rest.subarray(piece.length)
        continue
      }
      if (rest.length < HEADER) return
      stream = rest[0] === 2 ? 'stderr' : 'stdout'
      left = rest.readUInt32BE(4)
      rest = rest.subarray(HEADER)
    }
  }
}
