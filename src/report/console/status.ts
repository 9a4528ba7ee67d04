import { formatDuration } from '../../duration.ts'
import type { Event } from '../../event.ts'
import { toOneLine } from '../clean.ts'
import { fit } from '../width.ts'
import type { Style } from './style.ts'

/** What each script is doing right now. */
export interface Status {
  hear(event: Event): void
  /** One line for each script that runs, at that time (milliseconds since 1970), for a screen of so many columns. */
  lines(now: number, columns: number): readonly string[]
}

interface Doing {
  readonly steps: { readonly id: string; readonly title: string; readonly began: number }[]
  readonly booting: Map<string, number>
  readonly stopping: Set<string>
  /** What is waited for or loaded, until it is over. */
  wait: string | undefined
}

/** Nobody does anything yet. `prefix` is what stands in front of a script's line. */
export function createStatus(style: Style, prefix: (script: string) => string): Status {
  const scripts = new Map<string, Doing>()

  function doingOf(script: string): Doing {
    const doing = scripts.get(script) ?? {
      steps: [],
      booting: new Map(),
      stopping: new Set(),
      wait: undefined,
    }
    scripts.set(script, doing)
    return doing
  }

  return {
    hear(event) {
      if (event.kind === 'script:end') scripts.delete(event.file)
      else if (concerns(event)) follow(doingOf(event.script), event)
      const doing = scripts.get(event.script)
      if (event.kind === 'scenario:end' && doing?.steps.length === 0) scripts.delete(event.script)
    },
    lines: (now, columns) =>
      [...scripts].map(([script, doing]) => `${prefix(script)}${describe(doing, { now, columns, style })}`),
  }
}

type Followed =
  | 'scenario:start'
  | 'scenario:end'
  | 'step:start'
  | 'step:end'
  | 'wait:progress'
  | 'claim'
  | 'traffic:start'
  | 'traffic:progress'
  | 'traffic:end'
  | 'service:starting'
  | 'service:ready'
  | 'service:exit'
  | 'service:stopping'
  | 'service:stopped'
type FollowedEvent = Extract<Event, { readonly kind: Followed }>

const FOLLOWED: ReadonlySet<string> = new Set<Followed>([
  'scenario:start',
  'scenario:end',
  'step:start',
  'step:end',
  'wait:progress',
  'claim',
  'traffic:start',
  'traffic:progress',
  'traffic:end',
  'service:starting',
  'service:ready',
  'service:exit',
  'service:stopping',
  'service:stopped',
])

function concerns(event: Event): event is FollowedEvent {
  return FOLLOWED.has(event.kind)
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
  return seconds < 60 ? `${seconds}s` : formatDuration(seconds * 1000)
}
