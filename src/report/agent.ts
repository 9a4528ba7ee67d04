import { cleanDeep } from './clean.ts'
import { describeCounts } from './console/counts.ts'
import { createStyle } from './console/style.ts'
import { createNames } from './names.ts'
import type { Reporter } from './reporter.ts'
import type { Screen } from './screen.ts'
import { createTold } from './told.ts'
import { describeFailuresWhole } from './whole.ts'

/**
 * For programs that read it and pay for every word: nothing while all goes well, one line at the end. What failed is told
 * in full, with the command that runs just it again. No colours, no drawing.
 */
export function createAgent(screen: Pick<Screen, 'write' | 'unicode'>): Reporter {
  const style = createStyle({ colors: false, unicode: false })
  const { hear, result, evidence } = createTold()
  const names = createNames()
  return {
    hear(unclean) {
      const event = cleanDeep(unclean)
      hear(event)
      if (event.kind === 'run:start' && event.scripts.length > 1) names.add(event.scripts)
      // What somebody must know now: that it is kept up, and where it listens.
      if (event.kind === 'note' && event.level === 'notice') screen.write(`${event.text}\n`)
    },
    async finish() {
      if (result.lastEvent === 0) return
      const lines = [
        ...describeFailuresWhole(result, { style, names, evidence }),
        ...describeCounts(result, { style, names }),
      ]
      screen.write(`${lines.join('\n')}\n`)
    },
  }
}
