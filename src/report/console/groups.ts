import { escapeData } from '../github.ts'
import type { Screen } from '../screen.ts'
import { createLineOutput } from './output.ts'
import type { Output, Place } from './tree.ts'

/** An output that keeps the lines of each scenario until it ends, and shows them as one group of GitHub's log. */
export interface Groups extends Output {
  /** Shows a scenario that ended under its title, and below the group, which is folded, what failed in it. */
  close(script: string, scenario: string, title: string): void
  /** Shows what was kept of scenarios that never ended. */
  closeAll(): void
}

interface Kept {
  lines: string
  blocks: string
}

/** Groups cannot contain each other, and scripts run side by side: so a scenario's lines wait for its end. */
export function createGroups(screen: Pick<Screen, 'write'>, guard: (text: string) => string): Groups {
  const kept = new Map<string, Kept>()
  const now = createLineOutput({ write: (text) => screen.write(guard(text)) }, () => '')

  function keptAt(place: Place): Kept | undefined {
    if (place.scenario === undefined) return undefined
    const key = keyOf(place.script, place.scenario)
    const lines = kept.get(key) ?? { lines: '', blocks: '' }
    kept.set(key, lines)
    return lines
  }

  function show(key: string, title: string): void {
    const { lines, blocks } = kept.get(key) ?? { lines: '', blocks: '' }
    kept.delete(key)
    screen.write(`::group::${escapeData(title)}\n${guard(lines)}::endgroup::\n${guard(blocks)}`)
  }

  return {
    line(place, text) {
      const group = keptAt(place)
      if (group === undefined) now.line(place, text)
      else group.lines += `${'  '.repeat(place.depth)}${text}\n`
    },
    block(place, lines) {
      const group = keptAt(place)
      if (group === undefined) now.block(place, lines)
      else group.blocks += `\n${lines.join('\n')}\n\n`
    },
    close: (script, scenario, title) => show(keyOf(script, scenario), title),
    closeAll() {
      for (const key of [...kept.keys()]) show(key, `${key.replace('\n', ' ')}: did not end`)
    },
  }
}

function keyOf(script: string, scenario: string): string {
  return `${script}\n${scenario}`
}
