type Environment = Readonly<Record<string, string | undefined>>

/** Where a console writes to, and what can be shown there. */
export interface Screen {
  write(text: string): void
  readonly isTTY: boolean
  /** Columns now: a terminal may be resized while it is written to. */
  readonly columns: number
  readonly rows: number
  readonly colors: boolean
  /** False where anything but ASCII could come out as garbage. */
  readonly unicode: boolean
  /** Takes what others write to the same terminal, until the answer is called; undefined where nobody else can. */
  readonly capture?: ((listener: (text: string) => void) => () => void) | undefined
}

/** The part of a stream that a screen needs: `process.stdout` has it. */
export interface Stream {
  write: (chunk: string | Uint8Array, ...more: never[]) => boolean
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  on?(event: 'error', listener: (error: Error) => void): unknown
}

const COLUMNS_OF_A_FILE = 120

/**
 * A stream as a screen. NO_COLOR, FORCE_COLOR and TERM=dumb are honoured; UTF-8 is what the locale says. `beside` are
 * streams that may show on the same terminal.
 */
export function openScreen(stream: Stream, env: Environment, beside: readonly Stream[] = []): Screen {
  const isTTY = stream.isTTY === true
  const write = stream.write.bind(stream)
  const terminals = [stream, ...beside].filter((one) => one.isTTY === true)
  let isOpen = true
  // Whoever read it has gone (`… | head`): the run goes on, and its results are on disk.
  stream.on?.('error', () => {
    isOpen = false
  })
  return {
    write: (text) => {
      if (isOpen) write(text)
    },
    isTTY: isTTY && env['TERM'] !== 'dumb',
    get columns() {
      return stream.columns || COLUMNS_OF_A_FILE // 0: a terminal that was given no size
    },
    get rows() {
      return stream.rows || 24
    },
    colors: hasColors(isTTY, env),
    unicode: hasUnicode(env),
    capture: isTTY ? (listener) => capture(terminals, listener) : undefined,
  }
}

/** What a script prints itself would be drawn over: its `write` leads to the listener meanwhile. */
function capture(streams: readonly Stream[], listener: (text: string) => void): () => void {
  const originals = streams.map((stream) => [stream, stream.write] as const)
  for (const stream of streams) {
    stream.write = (chunk, ...more) => {
      listener(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
      const done: unknown = more.at(-1)
      if (typeof done === 'function') done()
      return true
    }
  }
  return () => {
    for (const [stream, write] of originals) stream.write = write
  }
}

/** FORCE_COLOR wins over NO_COLOR, as in Node itself; an empty NO_COLOR says nothing. */
function hasColors(isTTY: boolean, env: Environment): boolean {
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  if ((env['NO_COLOR'] ?? '') !== '') return false
  return isTTY && env['TERM'] !== 'dumb'
}

function hasUnicode(env: Environment): boolean {
  if (process.platform === 'win32')
    return (env['WT_SESSION'] ?? env['TERM_PROGRAM'] ?? env['CI'] ?? '') !== ''
  if (env['TERM'] === 'linux') return false // the console of the kernel has 256 glyphs
  // The first that is set and not empty decides, as POSIX has it.
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return /utf-?8/i.test(locale)
}
