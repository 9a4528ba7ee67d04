import { UsageError } from '../error.ts'
import { didYouMean } from '../nearest.ts'

/** The reporters that can be asked for by name, and what each of them tells. */
export const REPORTERS = {
  line: 'a line a step, also in a terminal',
  dot: 'a sign a step, and what failed at the end',
  json: 'every event as a line of JSON',
  github: 'groups, and annotations for what failed',
  agent: 'one line, and what failed in full: for programs that read it',
} as const

/** The name of a reporter. */
export type ReporterName = keyof typeof REPORTERS

/** True for what is meant as a file: a path, or a name with the ending of a module. */
export function isReporterFile(text: string): boolean {
  return /[\\/]|\.[cm]?[jt]s$/.test(text)
}

/** The reporter of that name; throws a UsageError with the nearest one. */
export function reporterNamed(text: string): ReporterName {
  if (isReporter(text)) return text
  throw new UsageError(`unknown reporter: ${text}`, { hint: didYouMean(text, Object.keys(REPORTERS)) })
}

function isReporter(text: string): text is ReporterName {
  return Object.hasOwn(REPORTERS, text)
}
