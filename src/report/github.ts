import { randomUUID } from 'node:crypto'
import { relative, resolve } from 'node:path'
import type { FailureResult } from './failures.ts'

/** GitHub shows ten errors of a step and drops the rest without a word. */
const ANNOTATIONS = 10

/** The text of a workflow command: `%`, line breaks. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** The value of a property of a workflow command: also `:` and `,`. */
export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/** What GitHub's runner takes for a command: `::` at the beginning of a line, `##[` anywhere. */
const COMMAND = /^\s*::|##\[/m

/**
 * Text of others, so that GitHub's runner shows it and obeys nothing in it: the token that ends this cannot be guessed.
 * The runner shows these lines too, so text without a command stays as it is.
 */
export function guardCommands(text: string, token: string = randomUUID()): string {
  if (!COMMAND.test(text)) return text
  return `::stop-commands::${token}\n${text.endsWith('\n') ? text : `${text}\n`}::${token}::\n`
}

/**
 * One `::error` for each different failure, within GitHub's budget; the last one says how many more there are. Files are
 * relative to the workspace, which is the working directory unless it is given.
 */
export function annotate(
  failures: readonly FailureResult[],
  workspace: string = process.cwd(),
): readonly string[] {
  const different = new Map<string, FailureResult>()
  for (const failure of failures) {
    const key = `${failure.error.at}\n${failure.error.title}`
    if (!different.has(key)) different.set(key, failure)
  }
  const all = [...different.values()]
  const shown = all.length <= ANNOTATIONS ? all : all.slice(0, ANNOTATIONS - 1)
  const more = all.length - shown.length
  return [
    ...shown.map((failure) => describe(failure, workspace)),
    ...(more === 0
      ? []
      : [`::error title=${more} more failures::${more} more failures are told in the log and the summary`]),
  ]
}

function describe({ path, error }: FailureResult, workspace: string): string {
  const properties = [...placeOf(error.at, workspace), `title=${escapeProperty(path.join(' › '))}`]
  return `::error ${properties.join(',')}::${escapeData(error.message)}`
}

function placeOf(at: string | undefined, workspace: string): readonly string[] {
  const [, file, line] = /^(.*):(\d+)$/.exec(at ?? '') ?? []
  if (file === undefined || line === undefined) return []
  const near = relative(workspace, resolve(file)).replaceAll('\\', '/')
  // Outside of the workspace GitHub has no file to show it at.
  return near.startsWith('..') ? [] : [`file=${escapeProperty(near)}`, `line=${line}`]
}
