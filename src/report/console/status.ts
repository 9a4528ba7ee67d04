import { formatDuration } from '../../duration.ts'
import type { Event } from '../../event.ts'
import { widthOf } from '../width.ts'
import { createDoing, type Doing, type DoingEvent, describeDoing, follow, isAboutDoing } from './doing.ts'
import type { Prefix } from './output.ts'
import { createServicesStatus } from './services.ts'
import type { Style } from './style.ts'

/** What goes on right now. */
export interface Status {
  hear(event: Event): void
  /**
   * One line for each scenario that runs, at that time (milliseconds since 1970), and where there is room one for the services
   * of each script.
   */
  lines(now: number, room: { readonly columns: number; readonly rows: number }): readonly string[]
}

/** Nobody does anything yet. `prefix` is what stands in front of a script's line. */
export function createStatus(style: Style, prefix: Prefix): Status {
  const all = new Map<string, Doing>()
  const services = createServicesStatus(style, formatAge)
  /** Scripts that had two scenarios under way, until none is any more: as the lines above have it. */
  const shared = new Set<string>()

  function doingOf({ script, scenario = '' }: Event): Doing {
    const key = `${script}\n${scenario}`
    const doing = all.get(key) ?? createDoing(script, scenario)
    all.set(key, doing)
    return doing
  }

  function forget(isOver: (doing: Doing) => boolean): void {
    for (const [key, doing] of all) if (isOver(doing)) all.delete(key)
  }

  function countScenarios(script: string): void {
    const amount = [...all.values()].filter(
      (doing) => doing.script === script && doing.scenario !== '',
    ).length
    if (amount > 1) shared.add(script)
    if (amount === 0) shared.delete(script)
  }

  function hearDoing(event: DoingEvent): void {
    const isScenario = event.kind === 'scenario:start' || event.kind === 'scenario:end'
    follow(doingOf(isScenario ? { ...event, scenario: event.id } : event), event)
    forget(({ steps, booting, stopping }) => steps.length + booting.size + stopping.size === 0)
    countScenarios(event.script)
  }

  function frontOf({ script, scenario }: Doing): string {
    return prefix({ script, scenario, isShared: shared.has(script) })
  }

  return {
    hear(event) {
      services.hear(event)
      if (event.kind === 'script:end') forget(({ script }) => script === event.file)
      if (isAboutDoing(event)) hearDoing(event)
    },
    lines(now, { columns, rows }) {
      const byScript = Map.groupBy(all.values(), ({ script }) => script)
      // Half of the screen is for what has happened.
      const hasRoom = all.size + byScript.size <= rows / 2
      return [...byScript].flatMap(([script, doings]) => {
        const margin = ' '.repeat(widthOf(frontOf(doings[0] ?? createDoing(script, ''))) + 2)
        const living = hasRoom ? services.line(script, now, columns - margin.length - 1) : undefined
        const lines = doings.map((doing) => {
          const front = frontOf(doing)
          const room = columns - widthOf(front) - 1
          const telling = { now, room, style, hasServices: living !== undefined, age: formatAge }
          return `${front}${describeDoing(doing, telling)}`
        })
        return living === undefined ? lines : [...lines, `${margin}${living}`]
      })
    },
  }
}

/** Whole seconds: a line that is drawn twice a second must not flicker. */
function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  return seconds < 100 ? `${seconds}s` : formatDuration(seconds * 1000)
}
