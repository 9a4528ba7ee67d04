import type { Reporter } from './reporter.ts'
import type { Screen } from './screen.ts'

/** What JSON leaves as it is and a terminal obeys: C1 controls, and what turns the direction of text around; and GitHub's `##[`. */
const OBEYED = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]|#(?=#\[)/g

/**
 * Every event as a line of JSON, as in `events.ndjson`, and nothing else on the screen. Read as JSON it is the very same;
 * as it stands no terminal and no runner of GitHub's obeys anything in it.
 */
export function createJsonLines(screen: Pick<Screen, 'write'>): Reporter {
  return {
    hear: (event) => screen.write(`${JSON.stringify(event).replace(OBEYED, spell)}\n`),
    finish: async () => {},
  }
}

function spell(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
