import { writeSync } from 'node:fs'
import { basename } from 'node:path'
import { argv, env } from 'node:process'
import { titleOf } from '../error.ts'
import { emit, listen } from '../event.ts'
import { onInterrupt } from '../interrupt.ts'
import { mode } from '../mode.ts'
import { createOutcome } from '../run/outcome.ts'
import { recordError } from '../scenario/record.ts'
import { failRunning } from '../scenario/scenario.ts'
import { openSession } from './session.ts'

/**
 * Gives a script that is run by hand (`node x.mts`) its console and its results, and one that the runner started its way
 * to tell the runner. Costs nothing until the first scenario; in another test runner nothing ever happens.
 */
export function attach(): void {
  detach = listen((event) => {
    if (event.kind !== 'scenario:start') return
    detach()
    const channel = env['SHAKEDOWN_EVENTS_FD']
    if (channel === undefined) standAlone()
    else tellRunner(Number(channel))
  })
}

/** Takes it back, in a process that tells the scenarios of other processes. */
export let detach: () => void = () => {}

function standAlone(): void {
  const session = openSession({ scripts: [basename(argv[1] ?? 'script')] })
  const release = onInterrupt(async () => {
    await session.finish()
  })
  catchEscaped((error) => session.add('failed', titleOf(error)))
  process.once('beforeExit', () => {
    release()
    void session.finish().then((exit) => {
      process.exitCode = exit
    })
  })
}

function tellRunner(channel: number): void {
  const outcome = createOutcome({ strict: mode.strict, allowed: [] })
  listen((event) => {
    outcome.hear(event)
    writeSync(channel, `${JSON.stringify(event)}\n`)
  })
  catchEscaped((error) => {
    outcome.add('failed', titleOf(error))
    emit({ kind: 'teardown:error', what: 'the script', error: recordError(error) })
  })
  dieWithRunner()
  process.once('beforeExit', () => {
    process.exitCode = outcome.exit
  })
}

/** An error that nothing in the script caught must not keep the teardown from running. */
function catchEscaped(tell: (error: Error) => void): void {
  process.on('uncaughtException', (error) => {
    if (!failRunning(error)) tell(error)
  })
}

/** The runner holds the other end of our stdin: when it is gone, it was killed, and our own watchdog cleans up after us. */
function dieWithRunner(): void {
  process.stdin.on('close', () => process.kill(process.pid, 'SIGKILL'))
  process.stdin.resume()
  process.stdin.unref()
}
