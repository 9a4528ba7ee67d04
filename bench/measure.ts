import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Event } from '../src/event.ts'
import { readEvents } from '../src/report/read.ts'

/** One line of the table. A goal is what is aimed at on an idle machine; nothing here judges it. */
export interface Row {
  readonly what: string
  readonly measured: string
  readonly goal: string
  readonly note: string
}

/** How one command went. */
export interface Timed {
  readonly seconds: number
  /** Processor time of the command and of everything that it waited for, in seconds: it means something on a busy machine, too. */
  readonly processor: number
  readonly code: number | null
  /** Both streams, in the order in which they came. */
  readonly output: string
}

/** The folder that the project is in. */
export const PROJECT = join(import.meta.dirname, '..')

/** Runs a command in the project's folder and gives the time from its start to its exit. One at a time. */
export async function timeCommand(command: string, ...args: readonly string[]): Promise<Timed> {
  const [began, before] = [performance.now(), processorOfChildren()]
  const child = spawn(command, args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: string[] = []
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  let seconds = 0
  child.once('exit', () => {
    seconds = (performance.now() - began) / 1000
  })
  await once(child, 'close')
  return { seconds, processor: processorOfChildren() - before, code: child.exitCode, output: chunks.join('') }
}

const STAT = '/proc/self/stat'

/** What children that are over have used, in seconds; NaN where there is no /proc. It counts in hundredths. */
function processorOfChildren(): number {
  if (!existsSync(STAT)) return Number.NaN
  const fields = readFileSync(STAT, 'utf8').replace(/.*\) /s, '').split(' ')
  // cutime and cstime of proc(5): the 16th and 17th of all, and the first two are cut off.
  return (Number(fields[13]) + Number(fields[14])) / 100
}

/** Gives `act` a new folder, removed afterwards whatever happens. */
export async function withFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'shakedown-bench-'))
  try {
    return await act(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The events of the run that wrote into this folder last. */
export async function readLatest(results: string): Promise<readonly Event[]> {
  return Array.fromAsync(readEvents(join(results, 'latest', 'events.ndjson')))
}

/** The middle one; of an even number the upper of the two in the middle. NaN of none. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

/** `5.9 s (5.8–6.4)`: the median, and the smallest and largest where they differ. */
export function showSpread(numbers: readonly number[], unit: string, digits = 1): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)].map((one) => write(one, digits))
  const middle = `${write(median(numbers), digits)}${unit}`
  return least === most ? middle : `${middle} (${least}–${most})`
}

/** Without the sign of what rounds to nothing. */
function write(number: number, digits: number): string {
  return number.toFixed(digits).replace(/^-(?=0\.?0*$)/, '')
}

/** Tells how far the bench is; the table itself goes to stdout. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
