import { dirname, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const OWN_FOLDER = `${dirname(fileURLToPath(import.meta.url))}${sep}`
/** A file, also one in a folder with parentheses in its name; not `node:internal/…`. */
const FRAME = /(?:^\s*at (?:async )?|\()((?:file:\/\/|\/|[A-Za-z]:\\).*):(\d+):(\d+)\)?$/

/** A place in the user's script. */
export interface CallSite {
  readonly file: string
  readonly line: number
  readonly column: number
  /** `file:line`, the file relative to the working directory where it is below it. */
  toString(): string
}

/** The line of the user's script that called into the project; undefined when there is none on the stack. */
export function callSite(): CallSite | undefined {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 50
  const { stack = '' } = new Error('call site')
  Error.stackTraceLimit = stackTraceLimit
  return siteIn(stack)
}

/** The first line of the user's script in a stack, past the project's own frames and Node's. */
export function siteIn(stack: string): CallSite | undefined {
  for (const frame of stack.split('\n')) {
    const [, place, line, column] = FRAME.exec(frame) ?? []
    if (place === undefined) continue
    const file = place.startsWith('file://') ? fileURLToPath(place) : place
    if (file.startsWith(OWN_FOLDER) || file.includes('/node_modules/')) continue
    return createSite(file, Number(line), Number(column))
  }
  return undefined
}

function createSite(file: string, line: number, column: number): CallSite {
  const near = relative(process.cwd(), file)
  const shown = near.startsWith('..') ? file : near
  return { file, line, column, toString: () => `${shown}:${line}` }
}
