import type { EventOf } from '../../event.ts'
import { wrap } from '../width.ts'
import { count, type Style } from './style.ts'

/** The first lines of a run: how much it looks at, and on what machine. */
export function describeStart(
  event: EventOf<'run:start'>,
  options: { style: Style; columns: number },
): string {
  const { style, columns } = options
  const { name, ...rest } = event.mode
  const scripts =
    event.scripts.length === 1 ? (event.scripts[0] ?? '') : count(event.scripts.length, 'script')
  const machine = Object.entries(event.machine).map(([key, value]) => describeFact(key, value))
  const head = [`${String(name ?? '')} mode`, scripts, ...machine].filter((part) => part !== '')
  const facts = Object.entries(rest).map(([key, value]) => (value === true ? key : `${key} ${String(value)}`))
  const shown = facts.filter((fact) => !fact.endsWith(' false'))
  const lines = [
    ...wrap(
      `${style.paint('bold', 'shakedown')} ${head.map(glue).join(` ${style.signs.dot} `)}`,
      columns,
    ).map(unglue),
    ...wrap(shown.join(', '), columns - 2).map((line) =>
      line === '' ? line : style.paint('dim', `  ${line}`),
    ),
  ]
  return `${lines.filter((line) => line !== '').join('\n')}\n\n`
}

/** The words of one fact stay on one line. */
function glue(text: string): string {
  return text.replaceAll(' ', '\u00a0')
}

function unglue(text: string): string {
  return text.replaceAll('\u00a0', ' ')
}

function describeFact(key: string, value: string | number): string {
  if (key === 'cores') return count(Number(value), 'core')
  if (key === 'memory' || key === 'system') return String(value)
  if (key === 'load') return `load average ${value}`
  return `${key} ${value}`
}
