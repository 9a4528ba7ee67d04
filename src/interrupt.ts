import { constants } from 'node:os'

/** The signals that mean "stop now, but clean up first". */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

type Handler = (signal: Interruption) => Promise<void>

const SIGNALS: readonly Interruption[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
const handlers: Handler[] = []
const lastResorts: (() => void)[] = []
let interrupted: Interruption | undefined

/**
 * Runs `handler` when the process is told to stop; the last registered runs first. When all are done the process ends
 * with 130, 143 or 129. A second signal ends it at once, after the last resorts. The answer takes the handler back.
 */
export function onInterrupt(handler: Handler): () => void {
  if (handlers.length === 0) for (const signal of SIGNALS) process.on(signal, interrupt)
  handlers.push(handler)
  return () => {
    const index = handlers.indexOf(handler)
    if (index >= 0) handlers.splice(index, 1)
    if (handlers.length === 0 && interrupted === undefined)
      for (const signal of SIGNALS) process.off(signal, interrupt)
  }
}

/** Runs `resort`, synchronously, when there is no time for a teardown: at a second Ctrl-C. */
export function onLastResort(resort: () => void): () => void {
  lastResorts.push(resort)
  return () => {
    const index = lastResorts.indexOf(resort)
    if (index >= 0) lastResorts.splice(index, 1)
  }
}

/** The signal that this process was told to stop with, if it was. */
export function interruptedBy(): Interruption | undefined {
  return interrupted
}

/** 128 plus the signal's number: what shells say of a process that a signal ended. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

function interrupt(signal: Interruption): void {
  if (interrupted !== undefined) {
    for (const resort of lastResorts) resort()
    process.exit(exitCodeOf(interrupted))
  }
  interrupted = signal
  void runHandlers(signal)
}

async function runHandlers(signal: Interruption): Promise<void> {
  for (const handler of handlers.toReversed()) {
    // A teardown that fails has told so itself; the others must still run.
    await handler(signal).catch(() => {})
  }
  process.exit(exitCodeOf(signal))
}
