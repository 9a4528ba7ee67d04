import { writeSync } from 'node:fs'
import { type Event, emit, listen } from '../event.ts'
import { createOutcome } from '../run/outcome.ts'
import { isTold } from '../scenario/causes.ts'
import { followAddresses, noteNoInput } from '../scenario/keep.ts'
import { recordError } from '../scenario/record.ts'
import { failRunning } from '../scenario/running.ts'
import { exitCodeOfEscaped, hearEscaped } from './escaped.ts'
import { redactOutput } from './redact-output.ts'
import { endWithScript } from './script-end.ts'

/** Tells the runner everything that happens in this script, and lets it end with the runner, however that ends. */
export function attachToRunner(channel: number): void {
  // What was skipped without being allowed to, and that nothing was chosen, is judged where the command line is known.
  const outcome = createOutcome({ strict: false, allowed: [], mayBeEmpty: true })
  redactOutput()
  let begun = false
  listen((event) => {
    if (event.kind === 'scenario:seen') begun = true
    outcome.hear(event)
    tellRunner(channel, event)
  })
  hearEscaped((error) => {
    if (isTold(error) || failRunning(error)) return true
    emit({ kind: 'teardown:error', what: 'the script', error: recordError(error) })
    // Between scenarios the others still run; before the first one there is nothing that could go on.
    if (!begun) process.exit(exitCodeOfEscaped(error))
    return true
  })
  followAddresses()
  dieWithRunner()
  endWithScript({
    add: (why) => {
      if (outcome.causes.length > 0) return
      emit({
        kind: 'teardown:error',
        what: 'the script',
        error: { code: 'failed', title: why, message: why },
      })
    },
    finish: async () => outcome.exit,
    finishNow: () => outcome.exit,
  })
}

/** The channel blocks, so nothing is lost. Where nobody reads it any more, there is no runner. */
function tellRunner(channel: number, event: Event): void {
  try {
    writeSync(channel, `${JSON.stringify(event)}\n`)
  } catch {
    dieNow()
  }
}

/** The runner holds the other end of our stdin: when it is gone, it was killed, and our own watchdog cleans up after us. */
function dieWithRunner(): void {
  const { stdin } = process
  stdin.on('error', dieNow).on('end', dieNow).on('close', dieNow)
  // The runner's own input is over: Ctrl-D.
  stdin.on('data', (typed: Uint8Array) => {
    if (typed.includes(4)) noteNoInput()
  })
  stdin.resume()
  stdin.unref()
}

function dieNow(): void {
  process.kill(process.pid, 'SIGKILL')
}
