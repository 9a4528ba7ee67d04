import type { ErrorCode } from '../error.ts'

/** What the process says when it ends; one number, however many things were wrong. */
export const EXIT = {
  passed: 0,
  failed: 1,
  usage: 2,
  preflight: 3,
  leak: 4,
  skipped: 77,
  threshold: 99,
  deadline: 124,
  interrupted: 130,
} as const

/** Which cause wins when there are several; all of them are printed. */
const PRECEDENCE: readonly ErrorCode[] = [
  'interrupted',
  'deadline',
  'usage',
  'preflight',
  'failed',
  'threshold',
  'leak',
]

/** The exit code for everything that went wrong, 0 for nothing. `interruption` is 130, 143 or 129 for its signal. */
export function exitCodeFor(causes: Iterable<ErrorCode>, interruption: number = EXIT.interrupted): number {
  const met = new Set(causes)
  const worst = PRECEDENCE.find((cause) => met.has(cause))
  if (worst === undefined) return EXIT.passed
  return worst === 'interrupted' ? interruption : EXIT[worst]
}

/** Where a cause stands among the others: the smaller, the weightier. */
export function weightOf(cause: ErrorCode): number {
  return PRECEDENCE.indexOf(cause)
}

/** Why a process ended with that code: for a script that ended by itself, without having said so. */
export function causeOf(code: number): ErrorCode | undefined {
  if (code === EXIT.passed || code === EXIT.skipped) return undefined
  if (isInterruption(code)) return 'interrupted'
  return PRECEDENCE.find((cause) => EXIT[cause] === code) ?? 'failed'
}

/** The same for exit codes, for those of several runs that become one: 0 is the least. */
export function weightOfExit(code: number): number {
  const cause = causeOf(code)
  return cause === undefined ? PRECEDENCE.length : weightOf(cause)
}

/** True for what a process says that SIGHUP, SIGINT or SIGTERM ended. */
export function isInterruption(code: number): boolean {
  return code === 129 || code === EXIT.interrupted || code === 143
}
