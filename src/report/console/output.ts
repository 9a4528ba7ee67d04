import type { Names } from '../names.ts'
import type { Screen } from '../screen.ts'
import { pad, widthOf, wrap } from '../width.ts'
import type { Style } from './style.ts'
import type { Output, Place } from './tree.ts'

const COLORS = ['cyan', 'magenta', 'blue', 'yellow', 'green'] as const

/** The name in front of the lines of a script, or of one of its scenarios. */
export type Prefix = (place: Pick<Place, 'script' | 'scenario' | 'isShared'>) => string

/**
 * The script's name in its colour, where there are several scripts; and where scenarios of one script run side by side
 * the number of the scenario as well.
 */
export function createPrefix(names: Names, style: Style): Prefix {
  let hasNumbers = false
  return ({ script, scenario, isShared }) => {
    hasNumbers ||= isShared
    const several = names.all.length > 1
    const name = several && names.all.includes(names.nameOf(script)) ? names.nameOf(script) : ''
    const number = isShared && scenario !== undefined ? scenario : ''
    const width = (several ? Math.max(...names.all.map(widthOf)) : 0) + (hasNumbers ? 2 : 0)
    if (width === 0) return ''
    const color = COLORS[names.all.indexOf(name) % COLORS.length] ?? 'dim'
    return `${style.paint(color, pad(`${name} ${number}`.trim(), width))}  `
  }
}

/**
 * Writes each line at once: of scripts that run side by side each line says which one it is from. Lines are broken
 * between words where there is an end to them; what an error says is not, so that it can be copied.
 */
export function createLineOutput(
  screen: Pick<Screen, 'write'>,
  prefix: Prefix,
  columns: () => number = () => Number.POSITIVE_INFINITY,
): Output {
  return {
    line(place, text) {
      const front = prefix(place)
      const margin = `${' '.repeat(widthOf(front))}${indent(place)}`
      const [first = '', ...more] = wrap(text, columns() - widthOf(margin) - 2)
      screen.write(`${front}${indent(place)}${first}\n${more.map((rest) => `${margin}  ${rest}\n`).join('')}`)
    },
    block(place, lines) {
      const margin = `${' '.repeat(widthOf(prefix(place)))}${indent(place)}`
      screen.write(`\n${lines.map((line) => `${margin}${line}`.trimEnd()).join('\n')}\n\n`)
    },
  }
}

/** Writes so that there is never more than one blank line, whoever asked for it. */
export function createSpaced(write: (text: string) => void): Pick<Screen, 'write'> {
  let isBlank = true
  return {
    write(text) {
      const next = isBlank && text.startsWith('\n') ? text.slice(1) : text
      if (next === '') return
      isBlank = next.endsWith('\n\n')
      write(next)
    },
  }
}

function indent(place: Place): string {
  return '  '.repeat(place.depth)
}
