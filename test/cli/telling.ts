import type { ErrorRecord, Event } from '../../src/event.ts'
import type { Told } from './script.ts'

/**
 * What a script comes to, as text to be compared: its exit code, how its scenarios and steps ended with every error in full,
 * what was left out, and what it printed on stderr. Times, ports, pids and folders are replaced.
 */
export function tellOutcome({ code, signal, stderr, events }: Told): string {
  const end = events.findLast((event) => event.kind === 'run:end')
  const causes = end?.kind === 'run:end' ? end.causes.map((cause) => `because ${cause}`) : []
  const lines = [
    `exit ${signal ?? code}`,
    ...causes,
    ...events.flatMap(tellEvent),
    ...(stderr.trim() === '' ? [] : ['stderr', ...indent(stderr.trimEnd())]),
  ]
  return `${normalise(lines.join('\n'))}\n`
}

function tellEvent(event: Event): readonly string[] {
  switch (event.kind) {
    case 'step:end':
      return [
        `${' '.repeat(2 * (event.id.split('.').length - 1))}${event.outcome} ${event.title}${titleOf(event.error)}`,
      ]
    case 'scenario:end':
      return [
        `${event.outcome} ${event.title}${event.reason === undefined ? '' : `: ${event.reason}`} (${event.claims} claims)`,
        ...[event.error ?? [], event.more].flat().flatMap(tellError),
      ]
    case 'teardown:error':
      return [`error in ${event.what}`, ...tellError(event.error)]
    case 'skip':
      return [`left out ${event.what}: ${event.reason}`]
    case 'finding':
      return [`known ${event.id}: ${event.title}, ${event.seen}`]
    case 'leak':
      return [`leak ${event.what}: ${event.detail}`]
    case 'note':
      return [`note ${event.text}`]
    default:
      return []
  }
}

function titleOf(error: ErrorRecord | undefined): string {
  return error === undefined ? '' : `: ${error.title}`
}

function tellError({ code, message }: ErrorRecord): readonly string[] {
  return [`  [${code}]`, ...indent(message)]
}

function indent(text: string): readonly string[] {
  return text.split('\n').map((line) => `    ${line}`.trimEnd())
}

function normalise(text: string): string {
  return text
    .replaceAll(/\b\d+(\.\d+)?(ms|s)\b/g, '<time>')
    .replaceAll(/\b\d+m \d\ds\b/g, '<time>')
    .replaceAll(/, \d+ (read|look)s?: .*/g, ', <$1s>')
    .replaceAll(/(127\.0\.0\.1|localhost):\d{4,5}/g, '$1:<port>')
    .replaceAll(/\bport \d{4,5}\b/g, 'port <port>')
    .replaceAll(/\b(pid|process) \d+/g, '$1 <pid>')
    .replaceAll(/ \(\d+ of \d+ requests left late[^)]*\)/g, '')
    .replaceAll(/\d+ folders of the PATH/g, '<n> folders of the PATH')
    .replaceAll(process.cwd(), '<project>')
    .replaceAll(process.execPath, '<node>')
    .replaceAll(/\/tmp\/shakedown-[\w./-]+/g, '<folder>')
}
