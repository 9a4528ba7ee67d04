import { formatDuration } from '../../duration.ts'
import type { Event, EventOf } from '../../event.ts'
import { toOneLine } from '../clean.ts'
import { fit } from '../width.ts'
import { count, type Style } from './style.ts'

/** What a scenario is doing right now. */
export interface Doing {
  readonly script: string
  /** Empty for what is started or stopped outside of any scenario. */
  readonly scenario: string
  readonly steps: { readonly id: string; readonly title: string; readonly began: number }[]
  readonly booting: Map<string, number>
  readonly stopping: Set<string>
  /** What is waited for or loaded, until it is over. */
  wait: EventOf<'wait:progress'> | undefined
  load: { readonly start: EventOf<'traffic:start'>; progress?: EventOf<'traffic:progress'> } | undefined
}

const FOLLOWED = [
  ...(['scenario:start', 'scenario:end', 'step:start', 'step:end', 'wait:progress', 'claim'] as const),
  ...(['traffic:start', 'traffic:progress', 'traffic:end'] as const),
  ...(['service:starting', 'service:ready', 'service:exit', 'service:stopping', 'service:stopped'] as const),
]

/** An event that changes what a scenario is doing. */
export type DoingEvent = Extract<Event, { readonly kind: (typeof FOLLOWED)[number] }>

/** True for events that change what a scenario is doing. */
export function isAboutDoing(event: Event): event is DoingEvent {
  return FOLLOWED.some((kind) => kind === event.kind)
}

/** A scenario that does nothing yet. */
export function createDoing(script: string, scenario: string): Doing {
  const [booting, stopping] = [new Map<string, number>(), new Set<string>()]
  return { script, scenario, steps: [], booting, stopping, wait: undefined, load: undefined }
}

/** Notes what has changed. */
export function follow(doing: Doing, event: DoingEvent): void {
  switch (event.kind) {
    case 'scenario:start':
    case 'step:start':
      doing.steps.push({ id: event.id, title: toOneLine(event.title), began: event.time })
      forgetWork(doing)
      break
    case 'scenario:end':
    case 'step:end': {
      const index = doing.steps.findIndex((step) => step.id === event.id)
      if (index >= 0) doing.steps.splice(index, 1)
      forgetWork(doing)
      break
    }
    case 'wait:progress':
      doing.wait = event
      break
    case 'claim':
      doing.wait = undefined
      break
    case 'traffic:start':
      doing.load = { start: event }
      break
    case 'traffic:progress':
      if (doing.load?.start.id === event.id) doing.load.progress = event
      break
    case 'traffic:end':
      doing.load = undefined
      break
    default:
      followService(doing, event)
  }
}

/** How a doing is described: when, in how many columns, how ages are written. */
export interface Telling {
  readonly now: number
  readonly room: number
  readonly style: Style
  /** Services have a line of their own. */
  readonly hasServices: boolean
  age(milliseconds: number): string
}

/** The sign in front of a title and the time behind it. */
const TIME = 10

/** A scenario's line: its innermost step, for how long, and what is started, waited for, loaded or stopped in it. */
export function describeDoing(doing: Doing, telling: Telling): string {
  const { now, room, style, age } = telling
  const what = describeWork(doing, telling)
  const inner = doing.steps.at(-1)
  if (inner === undefined) return what
  const time = style.paint('dim', age(now - inner.began))
  // The title was shown before, or will be: what goes on needs the room more, and how long it does always has it.
  const share = what === '' ? room - TIME : Math.floor(room / 3)
  const title = fit(inner.title, share, style.signs.cut)
  return `${style.paint('cyan', style.signs.open)} ${title}  ${time}${what === '' ? '' : `  ${what}`}`
}

function describeWork(doing: Doing, telling: Telling): string {
  const { now, age } = telling
  if (telling.hasServices && doing.steps.length > 0) return describeWaiting(doing, telling)
  const boots = [...doing.booting].map(([service, began]) => `${service} ${age(now - began)}`)
  if (boots.length > 0) return `starting ${boots.join(', ')}`
  if (doing.stopping.size > 0) return `stopping ${[...doing.stopping].join(', ')}`
  return describeWaiting(doing, telling)
}

function describeWaiting(doing: Doing, telling: Telling): string {
  if (doing.load !== undefined) return describeLoad(doing.load, telling)
  return doing.wait === undefined ? '' : describeWait(doing.wait, telling)
}

/** The time that is left and what was seen last come first: where the line is cut, they must stay. */
function describeWait(wait: EventOf<'wait:progress'>, { now, style, age }: Telling): string {
  const left = wait.within === undefined ? undefined : wait.within - wait.milliseconds - (now - wait.time)
  const time = left === undefined ? '' : style.paint('dim', `${age(left)} left, `)
  return `${time}saw ${toOneLine(wait.last)}, waits for ${toOneLine(wait.what)}`
}

const BAR = 10

function describeLoad({ start, progress }: NonNullable<Doing['load']>, { now, style }: Telling): string {
  const sent = progress?.sent ?? 0
  const shares = [
    start.milliseconds === undefined ? 0 : (now - start.time) / start.milliseconds,
    start.requests === undefined ? 0 : sent / start.requests,
  ]
  const share = Math.min(1, Math.max(0, ...shares))
  const full = Math.round(share * BAR)
  const { signs, paint } = style
  const bar = `${paint('cyan', signs.full.repeat(full))}${paint('dim', signs.empty.repeat(BAR - full))}`
  const head = `load ${bar} ${String(Math.floor(share * 100)).padStart(3)} %`
  if (progress === undefined) return `${head}  ${start.shape} on ${toOneLine(start.what)}`
  const errors = progress.errors === 0 ? '' : `, ${paint('red', count(progress.errors, 'error'))}`
  return `${head}  ${progress.answered} of ${sent} answered, p95 ${formatDuration(progress.p95)}${errors}`
}

function forgetWork(doing: Doing): void {
  doing.wait = undefined
  doing.load = undefined
}

function followService(doing: Doing, event: Extract<DoingEvent, { readonly service: string }>): void {
  if (event.kind === 'service:starting') doing.booting.set(event.service, event.time)
  else doing.booting.delete(event.service)
  if (event.kind === 'service:stopping') doing.stopping.add(event.service)
  else doing.stopping.delete(event.service)
}
