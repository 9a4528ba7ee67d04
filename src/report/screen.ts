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
}

/** The part of a stream that a screen needs: `process.stdout` has it. */
export interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  on?(event: 'error', listener: (error: Error) => void): unknown
}

const COLUMNS_OF_A_FILE = 120

/** A stream as a screen. NO_COLOR, FORCE_COLOR and TERM=dumb are honoured; UTF-8 is what the locale says. */
export function openScreen(stream: Stream, env: Environment): Screen {
  const isTTY = stream.isTTY === true
  let isOpen = true
  // Whoever read it has gone (`… | head`): the run goes on, and its results are on disk.
  stream.on?.('error', () => {
    isOpen = false
  })
  return {
    write: (text) => {
      if (isOpen) stream.write(text)
    },
    isTTY: isTTY && env['TERM'] !== 'dumb',
    get columns() {
      return stream.columns ?? COLUMNS_OF_A_FILE
    },
    get rows() {
      return stream.rows ?? 24
    },
    colors: hasColors(isTTY, env),
    unicode: hasUnicode(env),
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
