import { ExpositionError } from './exposition-error.ts'

/** Decodes UTF-8; the first byte that is none throws an ExpositionError with its line and column. */
export function decodeStrictly(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    return refuseBytes(bytes)
  }
}

function refuseBytes(bytes: Uint8Array): never {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const at = findWrong(bytes, text)
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  const line = text.slice(0, start).split('\n').length
  const place = { line, column: at - start + 1, text: text.slice(start, end === -1 ? text.length : end) }
  throw new ExpositionError(`not an exposition: line ${line}, column ${place.column}`, {
    expected: 'UTF-8, found a byte that is not',
    place,
  })
}

/** The offset of the first replacement character that stands for a wrong byte, and not for itself. */
function findWrong(bytes: Uint8Array, text: string): number {
  const encoded = new TextEncoder().encode(text)
  let wrong = encoded.findIndex((byte, index) => byte !== bytes[index])
  while (wrong > 0 && isContinuation(encoded[wrong])) wrong -= 1
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(encoded.subarray(0, wrong)).length
}

function isContinuation(byte = 0): boolean {
  return byte >= 0x80 && byte < 0xc0
}
