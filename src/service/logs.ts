import { Failure, UsageError } from '../error.ts'
import type { Owner } from '../reference.ts'
import type { Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import type { Elsewhere } from './driver.ts'
import type { Line, Log } from './log.ts'

/** What a service printed, on both streams, since its first launch. */
export interface Logs {
  /** The lines that match, the oldest first, none lost however long ago; at most 100,000 of them. */
  lines(pattern: RegExp): Reading<readonly string[]>
  /** The last lines; of each stream at least half of `count` where it has as many. */
  tail(count: number): readonly string[]
  /** The file with every line, once the service was started. */
  readonly file: string | undefined
}

const MOST_MATCHES = 100_000

/** The readings of a log; one of something that runs elsewhere is not seen here, which no claim must take for silence. */
export function createLogs(owner: Owner, log: Log, elsewhere?: Elsewhere): Logs {
  const watches = new Map<string, Promise<Watch>>()
  return {
    lines(given) {
      const pattern = withoutState(given)
      const key = String(pattern)
      const describe = `lines of ${owner.name} that match ${key}`
      return {
        describe,
        about: [owner],
        phrasing: {
          failed: 'not the expected log lines',
          seen: (lines) => describeMatches(lines),
          looked: (lines) => String(Array.isArray(lines) ? lines.length : lines),
        },
        read: () =>
          sense({ kind: 'record', name: describe }, async () => {
            if (elsewhere !== undefined)
              throw new UsageError(`the log of ${owner.name} is not seen here`, {
                last: `it already runs at ${elsewhere.text}`,
              })
            const watch = watches.get(key) ?? startWatch(log, pattern)
            watches.set(key, watch)
            return [...(await watch).matches()]
          }),
      }
    },
    tail: (count) => log.tail(count).map(({ text }) => text),
    get file() {
      return log.file?.path
    },
  }
}

interface Watch {
  matches(): readonly string[]
}

async function startWatch(log: Log, pattern: RegExp): Promise<Watch> {
  const found: string[] = []
  let count = 0
  const look = (text: string) => {
    if (!pattern.test(text)) return
    count += 1
    // A copy: a piece of a chunk would keep the whole chunk in memory.
    if (count <= MOST_MATCHES) found.push(Buffer.from(text).toString())
  }
  const late: string[] = []
  let caughtUp = false
  // Heard before the past is read, so that no line falls between the two.
  log.listen(({ text }: Line) => {
    if (caughtUp) look(text)
    else late.push(text)
  })
  const { file } = log
  const written = file?.size ?? 0
  const { lines, complete } = log.remembered()
  if (complete) for (const { text } of lines) look(text)
  else await replay(file, written, look)
  for (const text of late) look(text)
  caughtUp = true
  return {
    matches() {
      if (count <= MOST_MATCHES) return found
      throw new UsageError(`more than ${MOST_MATCHES} lines match ${pattern}`, {
        hint: 'look for something rarer, or read the file: logs.file',
      })
    },
  }
}

async function replay(file: Log['file'], bytes: number, look: (text: string) => void): Promise<void> {
  if (file === undefined || file.broken) {
    throw new Failure('the beginning of the log is lost: it could not be written to disk', {
      hint: 'name the reading before the service prints that much, or make room on the disk',
    })
  }
  for await (const lines of file.lines(bytes)) for (const text of lines) look(text)
}

/** `g` and `y` make a pattern remember where it was: the same line would match only every other time. */
function withoutState(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''))
}

function describeMatches(lines: unknown): string {
  if (!Array.isArray(lines)) return String(lines)
  if (lines.length === 0) return 'no line'
  return `${lines.length === 1 ? '1 line' : `${lines.length} lines`}, the last: ${lines.at(-1)}`
}
