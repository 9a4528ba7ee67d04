import { emit } from '../event.ts'
import { redact } from '../redact.ts'
import { createKeyHider } from '../redact-keys.ts'
import { boundGarbage } from './flood.ts'
import { type LogFile, openLogFile } from './log-file.ts'
import { createLineCutter } from './log-lines.ts'
import { createRing } from './log-ring.ts'

/** On which of its two streams a program printed. */
export type Stream = 'stdout' | 'stderr'

/** A line that a service printed, without secrets. `index` counts both streams since its first launch. */
export interface Line {
  readonly index: number
  readonly stream: Stream
  readonly text: string
}

/** Everything that a service prints, over all its launches, in bounded memory. */
export interface Log {
  write(stream: Stream, chunk: Uint8Array): void
  /** The stream is at its end, or the program is gone: what it left without a line end is a line too. */
  end(stream?: Stream): void
  /** Hears every line from now on; the answer ends that. */
  listen(listener: (line: Line) => void): () => void
  /** The last lines, in order, of each stream at least half of `count` where it has as many. */
  tail(count: number): readonly Line[]
  /** Every line so far that is still in memory; `complete` says whether that is all of them. */
  remembered(): { readonly lines: readonly Line[]; readonly complete: boolean }
  /** The whole log on disk, once the service was launched. */
  readonly file: LogFile | undefined
  open(path: string): void
  close(): void
}

/** Lines and characters kept in memory for each stream. */
const MOST_LINES = 2000
const MOST_CHARACTERS = 4_000_000
/** The report shows no more than this of one service; the rest is in its file. */
const MOST_EVENTS = 100_000

/** The log of the service of that name. */
export function createLog(service: string): Log {
  const listeners = new Set<(line: Line) => void>()
  const rings = {
    stdout: createRing<Line>(MOST_LINES, MOST_CHARACTERS),
    stderr: createRing<Line>(MOST_LINES, MOST_CHARACTERS),
  }
  const hideKeys = { stdout: createKeyHider(), stderr: createKeyHider() }
  let count = 0
  let file: LogFile | undefined

  function take(stream: Stream, given: readonly string[]): void {
    const raw = hideKeys[stream](given)
    const text = raw.join('\n')
    const clean = redact(text)
    file?.append(stream, clean)
    for (const line of clean === text ? raw : clean.split('\n')) {
      const taken: Line = { index: count, stream, text: line }
      count += 1
      rings[stream].push(taken, line.length)
      if (taken.index <= MOST_EVENTS) tell(service, taken)
      for (const listener of listeners) listener(taken)
    }
  }

  const cutters = {
    stdout: createLineCutter((lines) => take('stdout', lines), redact),
    stderr: createLineCutter((lines) => take('stderr', lines), redact),
  }

  return {
    write: (stream, chunk) => cutters[stream].write(chunk),
    end(stream) {
      if (stream !== 'stderr') cutters.stdout.end()
      if (stream !== 'stdout') cutters.stderr.end()
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tail: (wanted) => mix(rings.stdout.last(wanted), rings.stderr.last(wanted), wanted),
    remembered: () => ({
      lines: [...rings.stdout.items(), ...rings.stderr.items()].toSorted((a, b) => a.index - b.index),
      complete: !rings.stdout.overflowed && !rings.stderr.overflowed,
    }),
    get file() {
      return file
    },
    open(path) {
      file ??= openLogFile(path)
    },
    close: () => file?.close(),
  }
}

function tell(service: string, { index, stream, text }: Line): void {
  if (index < MOST_EVENTS) emit({ kind: 'log', service, stream, line: text })
  if (index === MOST_EVENTS) {
    boundGarbage()
    const note = `${service} printed more than ${MOST_EVENTS} lines: the report ends there, its log file goes on`
    emit({ kind: 'note', level: 'notice', text: note })
  }
}

/** A flood on one stream must not hide the last words on the other. */
function mix(stdout: readonly Line[], stderr: readonly Line[], wanted: number): readonly Line[] {
  const half = Math.floor(wanted / 2)
  const fromError = Math.min(stderr.length, Math.max(half, wanted - stdout.length))
  const fromOut = Math.min(stdout.length, wanted - fromError)
  const lines = [...stdout.slice(stdout.length - fromOut), ...stderr.slice(stderr.length - fromError)]
  return lines.toSorted((left, right) => left.index - right.index)
}
