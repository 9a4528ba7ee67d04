import type { Event, Outcome } from '../event.ts'
import { cleanDeep } from './clean.ts'
import { describeCounts } from './console/counts.ts'
import { createStyle } from './console/style.ts'
import { createNames } from './names.ts'
import type { Reporter } from './reporter.ts'
import type { Screen } from './screen.ts'
import { createTold } from './told.ts'
import { describeFailuresWhole } from './whole.ts'

const DOTS: Readonly<
  Record<Outcome, readonly [sign: string, color: 'green' | 'red' | 'yellow' | 'magenta']>
> = {
  passed: ['.', 'green'],
  failed: ['F', 'red'],
  skipped: ['s', 'yellow'],
  interrupted: ['!', 'magenta'],
}
/** A line of signs stays one that can be counted, however wide the screen is. */
const LONGEST_LINE = 80

/** A sign for each step, and for each scenario that had none, when it ends; what failed, in full, at the end. */
export function createDots(screen: Screen): Reporter {
  const style = createStyle(screen)
  const { hear, result, evidence } = createTold()
  const names = createNames()
  /** Scenarios that told a step, by script and number. */
  const told = new Set<string>()
  let column = 0

  function put(outcome: Outcome): void {
    const [sign, color] = DOTS[outcome]
    screen.write(style.paint(color, sign))
    column += 1
    if (column >= Math.min(screen.columns, LONGEST_LINE)) endLine()
  }

  function endLine(): void {
    if (column > 0) screen.write('\n')
    column = 0
  }

  function follow(event: Event): void {
    if (event.kind === 'step:end') {
      told.add(`${event.script}\n${event.scenario}`)
      put(event.outcome)
    }
    if (event.kind === 'scenario:end' && !told.has(`${event.script}\n${event.id}`)) put(event.outcome)
    if (event.kind === 'skip') put('skipped')
    if (event.kind !== 'note' || event.level !== 'notice') return
    endLine()
    screen.write(`${event.text}\n`)
  }

  return {
    hear(unclean) {
      const event = cleanDeep(unclean)
      hear(event)
      if (event.kind === 'run:start' && event.scripts.length > 1) names.add(event.scripts)
      follow(event)
    },
    async finish() {
      endLine()
      if (result.lastEvent === 0) return
      const failures = describeFailuresWhole(result, { style, names, evidence })
      screen.write(`\n${[...failures, ...describeCounts(result, { style, names })].join('\n')}\n`)
    },
  }
}
