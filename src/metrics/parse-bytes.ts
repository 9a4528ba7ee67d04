import { ExpositionError, placeAt } from './exposition-error.ts'

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
  const place = placeAt(text, findWrong(bytes, text))
  throw new ExpositionError(`not an exposition: line ${place.line}, column ${place.column}`, {
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
