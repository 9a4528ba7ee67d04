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

/** An error in the one format, complete; `tail` are log lines for one that brings none itself. */
export function describeError(error: ErrorRecord, tail: readonly string[], style: Style): readonly string[] {
  const lines = error.message.split('\n')
  const hasLog = lines.some((line) => line.startsWith('  log '))
  const log = hasLog ? [] : tail.map((line, index) => `  ${(index === 0 ? 'log' : '').padEnd(9)} ${line}`)
  return paintLines([...lines, ...log], style)
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
