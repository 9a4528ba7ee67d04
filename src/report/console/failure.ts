import type { ErrorRecord } from '../../event.ts'
import type { Style } from './style.ts'

const KEY = /^( {2})(expected|last|waited|at|hint|log)( +)(.*)$/
const COLORS = {
  expected: 'green',
  last: 'red',
  at: 'cyan',
  hint: 'yellow',
  waited: 'reset',
  log: 'dim',
} as const

/**
 * An error in the one format, complete: with the line of the script where its own text does not name one, and with the
 * lines in `tail` where it brings no log itself.
 */
export function describeError(error: ErrorRecord, tail: readonly string[], style: Style): readonly string[] {
  const lines = error.message.split('\n')
  const has = (key: string) => lines.some((line) => line.startsWith(`  ${key.padEnd(9)} `))
  const at = error.at === undefined || has('at') ? [] : [`  ${'at'.padEnd(9)} ${error.at}`]
  const log = has('log') ? [] : tail.map((line, index) => `  ${(index === 0 ? 'log' : '').padEnd(9)} ${line}`)
  const advice = lines.findIndex((line) => /^ {2}(hint|log) /.test(line))
  const end = advice < 0 ? lines.length : advice
  return paintLines([...lines.slice(0, end), ...at, ...lines.slice(end), ...log], style)
}

function paintLines(lines: readonly string[], { paint }: Style): readonly string[] {
  let color: (typeof COLORS)[keyof typeof COLORS] | undefined
  return lines.map((line) => {
    const [, indent = '', key, gap = '', text = ''] = KEY.exec(line) ?? []
    if (isKey(key)) {
      color = COLORS[key]
      return `${indent}${paint('dim', key)}${gap}${paint(color, text)}`
    }
    if (color === undefined) return paint(['bold', 'red'], line)
    return paint(color, line)
  })
}

function isKey(text: string | undefined): text is keyof typeof COLORS {
  return text !== undefined && Object.hasOwn(COLORS, text)
}
