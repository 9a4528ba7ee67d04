import { formatDuration } from '../duration.ts'
import { type Failure, PreflightError, type ShakedownError } from '../error.ts'
import { createFailureAt, describePath, lastLinesOf } from '../expect/failure.ts'
import type { Waited } from '../wait/poll.ts'
import type { Control } from './control.ts'
import type { Exit } from './driver.ts'

const LINES = 20

/** How something ended, in words: `exit code 1`, `ended by SIGKILL`. */
export function describeExit({ code, signal, reason }: Exit): string {
  const how = signal === null ? `exit code ${code}` : `ended by ${signal}`
  return reason === undefined ? how : `${how}, ${reason}`
}

/** The program ended before it was ready. */
export function tellDiedAtBoot(control: Control, exit: Exit, look: string): Failure {
  return createFailureAt(control.at, `${control.name} died while it started: ${describeExit(exit)}`, {
    expected: look,
    hint: hintAtExit(control, exit),
    log: linesOf(control, 'it printed nothing'),
  })
}

/** The program logged what the spec calls hopeless. */
export function tellHopeless(control: Control, line: string, look: string): Failure {
  return createFailureAt(control.at, `${control.name} will not get ready: ${line}`, {
    expected: look,
    hint: 'its spec lists this line in failOn, so it was not waited for any longer',
    log: linesOf(control, 'it printed nothing'),
  })
}

/** The program runs and is not ready in time. */
export function tellNotReady(control: Control, waited: Waited<unknown>, look: string): ShakedownError {
  const last = waited.error?.message ?? String(waited.value ?? 'nothing')
  const looks = waited.count === 1 ? '1 look' : `${waited.count} looks`
  const told = `${formatDuration(waited.milliseconds)}, ${looks}: ${describePath(waited.looks)}`
  const { elsewhere } = control.driver
  if (elsewhere !== undefined)
    return new PreflightError(`nobody answers for ${control.name} at ${elsewhere.text}`, {
      ...(control.at === undefined ? {} : { at: control.at.toString() }),
      expected: look,
      last,
      waited: told,
      hint: ['start it there, or name another address', 'without `at`, one is started here'],
    })
  return createFailureAt(control.at, `${control.name} was not ready in time`, {
    expected: look,
    last,
    waited: told,
    hint: "it runs: see its last lines, or give it more time: within: '2m'",
    log: linesOf(control, 'it printed nothing'),
  })
}

/** The program ended, and nobody had asked for that. */
export function tellDied(control: Control, exit: Exit, after: number): Failure {
  return createFailureAt(control.at, `${control.name} died: ${describeExit(exit)}`, {
    expected: 'to run until it is stopped',
    last: `${describeExit(exit)}, ${formatDuration(after)} after it was launched`,
    hint: hintAtExit(control, exit),
    log: linesOf(control, 'it printed nothing'),
  })
}

/** The program ended when it was told to, and not as it should have. */
export function tellUncleanStop(control: Control, exit: Exit, signal: NodeJS.Signals): Failure {
  return createFailureAt(control.at, `${control.name} did not end cleanly: ${describeExit(exit)}`, {
    expected: `a clean end after ${signal}`,
    last: describeExit(exit),
    hint: 'where that is its clean end, its spec says so: stop: { clean: [0, …] }',
    log: linesOf(control, 'it printed nothing'),
  })
}

/** Somebody else listens where the program should. */
export function tellThief(control: Control, port: number, who: string): PreflightError {
  return new PreflightError(`port ${port} of ${control.name} is taken by ${who}`, {
    ...(control.at === undefined ? {} : { at: control.at.toString() }),
    hint:
      typeof control.spec.port === 'number'
        ? 'end that process, or leave the port out: a free one is taken then'
        : 'another service already knows this address, so that it cannot move: run it again',
    log: linesOf(control, 'it printed nothing'),
  })
}

function linesOf(control: Control, none: string): readonly string[] {
  const lines = lastLinesOf([control], LINES)
  return lines.length === 0 ? [`${control.name} | (${none})`] : lines
}

function hintAtExit({ launch }: Control, { code, signal, reason }: Exit): readonly string[] {
  if (reason !== undefined) return []
  if (signal === 'SIGKILL') return ['somebody else killed it: a person, or the system because memory ran out']
  if (code === 127 || code === 126) return ['a shell says so of a command that it cannot find or run']
  if (signal !== null && launch?.asked !== undefined) return [`the script had sent ${launch.asked} before`]
  return []
}
