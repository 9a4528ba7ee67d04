import type { Event, EventOf, Stamp } from '../../../event.ts'
import type { PageFault, PageMark } from '../model.ts'
import { cut } from './sample.ts'
import { workerIn } from './workers.ts'

type Where = Pick<Stamp, 'script' | 'scenario' | 'step'>
type Moment = Omit<PageMark, 'script' | 'part'>
type Fault = Omit<PageFault, 'script'> & { readonly script: string }

/** Signals, ends, findings, notes, and times in which something was broken. Times are milliseconds since 1970. */
export interface MomentStore {
  hear(event: Event): void
  readonly marks: readonly { readonly event: Where; readonly mark: Moment }[]
  /** Those that nobody ended go on until `end`. */
  faults(end: number): readonly Fault[]
  readonly omitted: number
}

const MOST = 5000

/** Keeps the first 5,000 of each. */
export function createMomentStore(): MomentStore {
  const marks: MomentStore['marks'][number][] = []
  const faults: Fault[] = []
  const open = new Map<string, Omit<Fault, 'to'>>()
  let omitted = 0
  const begin = (event: Event, what: string, service?: string) => {
    const key = `${event.script}\n${service ?? what}`
    if (!open.has(key)) open.set(key, { script: event.script, service, from: event.time, what })
  }
  const end = (event: Event, name: string) => {
    const key = `${event.script}\n${name}`
    const fault = open.get(key)
    open.delete(key)
    if (fault !== undefined && faults.length < MOST) faults.push({ ...fault, to: event.time })
  }
  return {
    hear(event) {
      followFault(event, { begin, end })
      const mark = toMoment(event)
      if (mark === undefined) return
      const { script, scenario, step } = event
      if (marks.length < MOST) marks.push({ event: { script, scenario, step }, mark })
      else omitted += 1
    },
    marks,
    faults: (time) => [...faults, ...[...open.values()].map((fault) => ({ ...fault, to: time }))],
    get omitted() {
      return omitted
    },
  }
}

interface Follow {
  begin(event: Event, what: string, service?: string): void
  end(event: Event, name: string): void
}

/** What is frozen, or gone until it is ready again, counts as broken like a fault that says so itself. */
function followFault(event: Event, { begin, end }: Follow): void {
  switch (event.kind) {
    case 'fault':
      if (event.active) begin(event, event.what)
      else end(event, event.what)
      break
    case 'service:signal':
      if (event.signal === 'SIGSTOP') begin(event, `${event.service} is frozen`, event.service)
      if (event.signal === 'SIGCONT') end(event, event.service)
      if (event.signal === 'SIGKILL') begin(event, `${event.service} is gone`, event.service)
      break
    case 'service:exit':
      if (!event.expected) begin(event, `${event.service} is gone`, event.service)
      break
    case 'service:ready':
    case 'service:stopping':
    case 'service:stopped':
      end(event, event.service)
      break
  }
}

function toMoment(event: Event): Moment | undefined {
  const { time } = event
  switch (event.kind) {
    case 'service:signal':
      return { time, kind: 'signal', service: event.service, text: describeSignal(event) }
    case 'service:exit':
      return { time, kind: 'exit', service: event.service, text: describeExit(event) }
    case 'finding':
      return { time, kind: 'finding', text: `known finding ${event.id}: ${cut(event.reason, 300)}` }
    case 'note':
      return event.level === 'debug' ? undefined : { time, kind: 'note', text: cut(event.text, 500) }
    case 'leak':
      return { time, kind: 'leak', text: `left behind: ${event.what} ${cut(event.detail, 300)}` }
    case 'log': {
      const worker = workerIn(event.line)
      return worker === undefined ? undefined : { time, kind: 'worker', service: event.service, text: worker }
    }
    default:
      return undefined
  }
}

function describeSignal({ signal, service, at }: EventOf<'service:signal'>): string {
  return `${signal} to ${service}${at === undefined ? '' : `, sent at ${at}`}`
}

/** How a program ended, in words. */
export function describeExit(exit: Pick<EventOf<'service:exit'>, 'code' | 'signal' | 'expected'>): string {
  const how = exit.signal === null ? `ended with code ${exit.code}` : `was ended by ${exit.signal}`
  return exit.expected ? how : `${how}, unasked`
}
