import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../src/error.ts'

/** A row of the contract whose proof was once seen to fail: what was broken, and what noticed. */
export interface SeenRed {
  readonly id: string
  /**
   * `fault NAME` for one of scripts/mutants.mts, `break: …` for one of e2e/breaks.yml, `doubt …` for a reading that was
   * falsified, `by hand …` for anything else.
   */
  readonly how: string
  /** The step or the test that failed. */
  readonly by: string
}

/** The list of this project. */
export const SEEN_RED = join(import.meta.dirname, '../../e2e/seen-red.txt')

const LINE = /^([A-Z]{3}-\d+) {2}((?:fault|doubt|break|by hand):? ?.*?) {2}(.+)$/
const HEADER = `# Which promises of contract.txt were seen broken: id, what was done to the system or its reading, and which step or test
# failed. One line a row. 'scripts/mutants.mts' writes the lines with 'fault', 'scripts/reds.mts' those with 'break',
# 'scripts/contract.mts --record RESULTS' those with 'doubt' and, with --because, those that were seen by hand.
`

/** The rows of the list; throws a UsageError for a line that is none. */
export function readSeenRed(text: string): readonly SeenRed[] {
  return text.split('\n').flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return []
    const [, id, how, by] = LINE.exec(line) ?? []
    if (id !== undefined && how !== undefined && by !== undefined) return [{ id, how, by }]
    throw new UsageError(`line ${index + 1} of the list of what was seen red is no row: ${line}`, {
      hint: 'GUN-129  fault requests_count_twice  counts every request of a load once',
    })
  })
}

/** Adds what was just seen; a row that is there already stays as it is, so that a run changes only what is new. */
export function addSeenRed(known: readonly SeenRed[], seen: readonly SeenRed[]): readonly SeenRed[] {
  const rows = new Map(known.map((row) => [row.id, row]))
  for (const row of seen) if (!rows.has(row.id)) rows.set(row.id, row)
  return [...rows.values()].sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** The list as it is written. */
export function writeSeenRed(rows: readonly SeenRed[]): string {
  return `${HEADER}\n${rows.map(({ id, how, by }) => `${id}  ${how}  ${by}\n`).join('')}`
}

/** Adds what was just seen to the list of this project; gives the rows that were not there before. */
export function keepSeenRed(seen: readonly SeenRed[]): readonly SeenRed[] {
  const known = existsSync(SEEN_RED) ? readSeenRed(readFileSync(SEEN_RED, 'utf8')) : []
  const rows = addSeenRed(known, seen)
  const added = rows.filter(({ id }) => !known.some((row) => row.id === id))
  if (added.length > 0) writeFileSync(SEEN_RED, writeSeenRed(rows))
  return added
}
