import { join } from 'node:path'
import type { Finding } from './source.ts'

/** The project's own folder, or the one given as an argument: how a check is shown red on a fixture. */
export const checkedFolder = process.argv[2] ?? join(import.meta.dirname, '..', '..')

/** Prints what a check has found, one line each, and how much it looked at. A check that looked at nothing fails. */
export function tellFindings(
  findings: readonly Finding[],
  looked: { readonly at: number; readonly what: string },
): void {
  for (const { file, line, message } of findings) process.stdout.write(`${file}:${line}: ${message}\n`)
  const count = findings.length === 0 ? 'nothing found' : `${findings.length} found`
  process.stdout.write(`${count} in ${looked.at} ${looked.what}\n`)
  process.exitCode = findings.length > 0 || looked.at === 0 ? 1 : 0
}
