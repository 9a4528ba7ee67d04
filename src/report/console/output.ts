import type { Names } from '../names.ts'
import type { Screen } from '../screen.ts'
import { pad, widthOf, wrap } from '../width.ts'
import type { Style } from './style.ts'
import type { Output, Place } from './tree.ts'

const COLORS = ['cyan', 'magenta', 'blue', 'yellow', 'green'] as const

/** What stands in front of each line of a script: its name in its colour; nothing where there is only one script. */
export function prefixOf(script: string, names: Names, style: Style): string {
  const { all } = names
  if (all.length < 2) return ''
  const width = Math.max(...all.map(widthOf))
  const name = names.nameOf(script)
  const index = all.indexOf(name)
  if (index < 0) return ' '.repeat(width + 2)
  return `${style.paint(COLORS[index % COLORS.length] ?? 'dim', pad(name, width))}  `
}

/**
 * Writes each line at once: of scripts that run side by side each line says which one it is from. Lines are broken
 * between words where there is an end to them; what an error says is not, so that it can be copied.
 */
export function createLineOutput(
  screen: Pick<Screen, 'write'>,
  prefix: (script: string) => string,
  columns: () => number = () => Number.POSITIVE_INFINITY,
): Output {
  return {
    line(place, text) {
      const front = prefix(place.script)
      const margin = `${' '.repeat(widthOf(front))}${indent(place)}`
      const [first = '', ...more] = wrap(text, columns() - widthOf(margin) - 2)
      screen.write(`${front}${indent(place)}${first}\n${more.map((rest) => `${margin}  ${rest}\n`).join('')}`)
    },
    block(place, lines) {
      const margin = `${' '.repeat(widthOf(prefix(place.script)))}${indent(place)}`
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
