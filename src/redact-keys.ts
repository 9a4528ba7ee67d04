import { REDACTED } from './redact-shapes.ts'

const BEGIN = /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/
const END = /-----END [A-Z ]{0,20}PRIVATE KEY-----/
/** What is in a key, line by line; anything else says that somebody else goes on talking. */
const INSIDE = /^\s*[A-Za-z0-9+/=]+\s*$/

/** Hides private keys in lines that come one after the other, in as many pieces as they like: a key has many lines. */
export function createKeyHider(): (lines: readonly string[]) => readonly string[] {
  let isInside = false
  return (lines) => {
    if (!isInside && !lines.some((line) => line.includes('-----BEGIN'))) return lines
    return lines.map((line) => {
      const wasInside = isInside
      isInside = (BEGIN.test(line) && !END.test(line)) || (wasInside && INSIDE.test(line))
      return isInside || (wasInside && END.test(line)) ? REDACTED : line
    })
  }
}
