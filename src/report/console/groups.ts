import { escapeData } from '../github.ts'
import type { Screen } from '../screen.ts'
import { createLineOutput, type Prefix } from './output.ts'
import type { Output, Place } from './tree.ts'

/** An output that keeps the lines of each scenario until it ends, and shows them as one group of GitHub's log. */
export interface Groups extends Output {
  /** Shows a scenario that ended under its title, and below the group, which is folded, what failed in it. */
  close(script: string, scenario: string, title: string): void
  /** Shows what was kept of scenarios that never ended. */
  closeAll(): void
}

interface Kept {
  readonly title: string
  lines: string
  blocks: string
}

/** What a group needs of its surroundings: the script's name in front, and a guard around text of others. */
export interface GroupOptions {
  readonly prefix: Prefix
  readonly guard: (text: string) => string
}

/** Groups cannot contain each other, and scripts run side by side: so a scenario's lines wait for its end. */
export function createGroups(screen: Pick<Screen, 'write'>, { prefix, guard }: GroupOptions): Groups {
  const kept = new Map<string, Kept>()
  const now = createLineOutput({ write: (text) => screen.write(guard(text)) }, prefix)
  const inside = (group: Kept) => createLineOutput({ write: (text) => add(group, text) }, () => '')

  function show(key: string, title: string): void {
    const { lines = '', blocks = '' } = kept.get(key) ?? {}
    kept.delete(key)
    screen.write(`::group::${escapeData(title)}\n${guard(lines)}::endgroup::\n${guard(blocks)}`)
  }

  return {
    line(place, text) {
      const group = kept.get(keyOf(place.script, place.scenario))
      if (group !== undefined && place.depth > 0)
        inside(group).line({ ...place, depth: place.depth - 1 }, text)
      // The line that ends a scenario is the title of its group; the one that begins it is the only sign of life so far.
      if (group !== undefined) return
      now.line(place, text)
      if (place.scenario === undefined) return
      const title = `${prefix(place)}${text}`
      kept.set(keyOf(place.script, place.scenario), { title, lines: '', blocks: '' })
    },
    block(place, lines) {
      const group = kept.get(keyOf(place.script, place.scenario))
      if (group === undefined) now.block(place, lines)
      else group.blocks += `\n${lines.join('\n')}\n`
    },
    live: (place, text) => now.line({ ...place, depth: 1 }, text),
    close: (script, scenario, title) => show(keyOf(script, scenario), title),
    closeAll() {
      for (const [key, { title }] of [...kept]) show(key, `${title}  did not end`)
    },
  }
}

function add(group: Kept, text: string): void {
  group.lines += text
}

function keyOf(script: string, scenario: Place['scenario']): string {
  return `${script}\n${scenario ?? ''}`
}
