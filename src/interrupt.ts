import { constants } from 'node:os'

/** The signals that mean "stop now, but clean up first". SIGALRM is the run's own: the time of the whole run is up. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGALRM'

/** A handler that gives a number says with which code the run ended: it may have been over before the signal came. */
type Handler = (signal: Interruption) => Promise<unknown>

/** Stories are broken off first; then services are stopped that no story owns; at last the end is told. */
export type Phase = 'stories' | 'services' | 'telling'

const SIGNALS: readonly Interruption[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGALRM']
const PHASES: readonly Phase[] = ['stories', 'services', 'telling']
/** `timeout` sends a signal to the process and to its group, a closing terminal several. Faster than any second thought. */
const ECHO = 250
/** npm passes on a Ctrl-C that the terminal has already sent to everybody. */
const ECHO_OF_NPM = 1000

const handlers: { readonly handler: Handler; readonly phase: Phase }[] = []
const lastResorts: (() => void)[] = []
let interrupted: { readonly signal: Interruption; readonly at: number } | undefined

/**
 * Runs `handler` when the process is told to stop: those of one phase together, the phases one after the other. When all
 * are done the process ends with 130, 143, 129 or 124, or with the code that a handler gave. A second Ctrl-C ends it at once, after the last resorts. The answer
 * takes the handler back.
 */
export function onInterrupt(handler: Handler, phase: Phase = 'services'): () => void {
  if (handlers.length === 0) for (const signal of SIGNALS) process.on(signal, interrupt)
  const own = { handler, phase }
  handlers.push(own)
  return () => {
    const index = handlers.indexOf(own)
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

/** Begins the orderly end, as if this process had been sent the signal. */
export function interrupt(signal: Interruption): void {
  if (interrupted === undefined) {
    interrupted = { signal, at: performance.now() }
    void runHandlers(signal)
    return
  }
  if (isEcho(signal, interrupted)) return
  for (const resort of lastResorts) resort()
  process.exit(exitCodeAfter(interrupted.signal))
}

/**
 * Does what an interruption would do in one phase, and goes on: stops services that no story owns. Gives the code that a
 * handler gave. Never rejects.
 */
export async function runPhase(phase: Phase, signal: Interruption = 'SIGTERM'): Promise<number | undefined> {
  const due = handlers.filter((one) => one.phase === phase)
  // A teardown that fails has told so itself; the others must still run.
  const ends = await Promise.allSettled(due.map(async ({ handler }) => handler(signal)))
  return ends
    .map((end) => (end.status === 'fulfilled' ? end.value : undefined))
    .find((code) => typeof code === 'number')
}

/** The signal that this process was told to stop with, if it was. */
export function interruptedBy(): Interruption | undefined {
  return interrupted?.signal
}

/** 128 plus the signal's number: what shells say of a process that a signal ended. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

/** The exit code of a run that was told to stop: that of the signal, or 124 when its time was up. */
export function exitCodeAfter(signal: Interruption): number {
  return signal === 'SIGALRM' ? 124 : exitCodeOf(signal)
}

/** True for a signal that nobody meant as a second one. A closing terminal and a clock do not press Ctrl-C. */
function isEcho(
  signal: Interruption,
  first: { readonly signal: Interruption; readonly at: number },
): boolean {
  if (signal === 'SIGHUP' || signal === 'SIGALRM') return true
  const since = performance.now() - first.at
  if (since < ECHO) return true
  return signal === first.signal && process.env['npm_lifecycle_event'] !== undefined && since < ECHO_OF_NPM
}

async function runHandlers(signal: Interruption): Promise<void> {
  let told: number | undefined
  for (const phase of PHASES) told = (await runPhase(phase, signal)) ?? told
  process.exit(told ?? exitCodeAfter(signal))
}
