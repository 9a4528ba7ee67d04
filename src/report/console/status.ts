import { formatDuration } from '../../duration.ts'
import type { Event } from '../../event.ts'
import { toOneLine } from '../clean.ts'
import { fit } from '../width.ts'
import type { Prefix } from './output.ts'
import type { Style } from './style.ts'

/** What each scenario is doing right now. */
export interface Status {
  hear(event: Event): void
  /** One line for each scenario that runs, at that time (milliseconds since 1970), for a screen of so many columns. */
  lines(now: number, columns: number): readonly string[]
}

interface Doing {
  readonly script: string
  /** Empty for what is started or stopped outside of any scenario. */
  readonly scenario: string
  readonly steps: { readonly id: string; readonly title: string; readonly began: number }[]
  readonly booting: Map<string, number>
  readonly stopping: Set<string>
  /** What is waited for or loaded, until it is over. */
  wait: string | undefined
}

/** Nobody does anything yet. `prefix` is what stands in front of a script's line. */
export function createStatus(style: Style, prefix: Prefix): Status {
  const all = new Map<string, Doing>()
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

  return {
    hear(event) {
      if (event.kind === 'script:end') forget(({ script }) => script === event.file)
      if (!concerns(event)) return
      const isScenario = event.kind === 'scenario:start' || event.kind === 'scenario:end'
      follow(doingOf(isScenario ? { ...event, scenario: event.id } : event), event)
      forget(({ steps, booting, stopping }) => steps.length + booting.size + stopping.size === 0)
      countScenarios(event.script)
    },
    lines: (now, columns) =>
      [...all.values()].map((doing) => {
        const { script, scenario } = doing
        const place = { script, scenario, isShared: shared.has(script) }
        return `${prefix(place)}${describe(doing, { now, columns, style })}`
      }),
  }
}

function createDoing(script: string, scenario: string): Doing {
  return { script, scenario, steps: [], booting: new Map(), stopping: new Set(), wait: undefined }
}

const FOLLOWED = [
  ...(['scenario:start', 'scenario:end', 'step:start', 'step:end', 'wait:progress', 'claim'] as const),
  ...(['traffic:start', 'traffic:progress', 'traffic:end'] as const),
  ...(['service:starting', 'service:ready', 'service:exit', 'service:stopping', 'service:stopped'] as const),
]
type FollowedEvent = Extract<Event, { readonly kind: (typeof FOLLOWED)[number] }>

function concerns(event: Event): event is FollowedEvent {
  return FOLLOWED.some((kind) => kind === event.kind)
}

function follow(doing: Doing, event: FollowedEvent): void {
  switch (event.kind) {
    case 'scenario:start':
    case 'step:start':
      doing.steps.push({ id: event.id, title: toOneLine(event.title), began: event.time })
      doing.wait = undefined
      break
    case 'scenario:end':
    case 'step:end': {
      const index = doing.steps.findIndex((step) => step.id === event.id)
      if (index >= 0) doing.steps.splice(index, 1)
      doing.wait = undefined
      break
    }
    case 'wait:progress':
      doing.wait = `saw ${toOneLine(event.last)}, waits for ${toOneLine(event.what)}`
      break
    case 'traffic:start':
      doing.wait = `load: ${toOneLine(event.what)} ${event.shape}`
      break
    case 'traffic:progress':
      doing.wait = `load: ${event.answered} of ${event.sent} answered, ${event.errors} errors, p95 ${formatDuration(event.p95)}`
      break
    case 'claim':
    case 'traffic:end':
      doing.wait = undefined
      break
    default:
      followService(doing, event)
  }
}

function followService(doing: Doing, event: Extract<FollowedEvent, { readonly service: string }>): void {
  if (event.kind === 'service:starting') doing.booting.set(event.service, event.time)
  else doing.booting.delete(event.service)
  if (event.kind === 'service:stopping') doing.stopping.add(event.service)
  else doing.stopping.delete(event.service)
}

function describe(doing: Doing, at: { now: number; columns: number; style: Style }): string {
  const { now, columns, style } = at
  const boots = [...doing.booting].map(([service, began]) => `${service} ${formatAge(now - began)}`)
  const what = boots.length > 0 ? `starting ${boots.join(', ')}` : describeRest(doing)
  const inner = doing.steps.at(-1)
  if (inner === undefined) return what
  // The title was shown before, or will be: what goes on needs the room more.
  const title = what === '' ? inner.title : fit(inner.title, Math.floor(columns / 3), style.signs.cut)
  return `${style.signs.open} ${title}  ${formatAge(now - inner.began)}${what === '' ? '' : `  ${what}`}`
}

function describeRest(doing: Doing): string {
  if (doing.stopping.size > 0) return `stopping ${[...doing.stopping].join(', ')}`
  return doing.wait ?? ''
}

/** Whole seconds: a line that is drawn twice a second must not flicker. */
function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  return seconds < 100 ? `${seconds}s` : formatDuration(seconds * 1000)
}
