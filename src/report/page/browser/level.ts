/** How serious a line is, by what it says: programs have no common way to say it. */
export type Level = 'error' | 'warning' | 'info' | 'debug'

/** The levels, the most serious first. */
export const LEVELS: readonly Level[] = ['error', 'warning', 'info', 'debug']

const WORDS: readonly (readonly [Level, RegExp])[] = [
  ['error', /\b(?:error|err|fatal|critical|crit|panic|alert|emerg|exception|traceback)\b/i],
  ['warning', /\b(?:warning|warn)\b/i],
  ['debug', /\b(?:debug|trace|dbg)\b/i],
]

/** The level of a line: by the first word of it that names one, `info` for a line that names none. */
export function levelOf(line: string): Level {
  // Levels stand at the beginning; further on the same words are what the line is about.
  const head = line.slice(0, 120)
  const found = WORDS.map(([level, word]) => ({ level, at: head.search(word) })).filter(({ at }) => at >= 0)
  return found.toSorted((one, other) => one.at - other.at)[0]?.level ?? 'info'
}
