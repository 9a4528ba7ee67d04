import type { Event } from '../../event.ts'
import { widthOf } from '../width.ts'
import type { Style } from './style.ts'

/** What the services of each script are doing right now. */
export interface ServicesStatus {
  hear(event: Event): void
  /**
   * The living services of a script, each with its state and since when, those first that are up to something; undefined
   * where there is none. What does not fit into so many columns is counted.
   */
  line(script: string, now: number, columns: number): string | undefined
}

type State = 'starting' | 'ready' | 'paused' | 'stopping' | 'died'

interface Life {
  state: State
  since: number
}

/** No service lives yet. `age` says how long something has been so. */
export function createServicesStatus(style: Style, age: (milliseconds: number) => string): ServicesStatus {
  const scripts = new Map<string, Map<string, Life>>()

  function follow(
    script: string,
    service: string,
    change: { state: State; since: number } | undefined,
  ): void {
    const lives = scripts.get(script) ?? new Map<string, Life>()
    scripts.set(script, lives)
    if (change === undefined) lives.delete(service)
    else lives.set(service, change)
  }

  return {
    hear(event) {
      if (event.kind === 'script:end') scripts.delete(event.file)
      if (!('service' in event) || event.kind === 'log') return
      const next = stateAfter(event, scripts.get(event.script)?.get(event.service))
      if (next === 'same') return
      follow(event.script, event.service, next === 'gone' ? undefined : { state: next, since: event.time })
    },
    line(script, now, columns) {
      const lives = [...(scripts.get(script) ?? [])]
      if (lives.length === 0) return undefined
      const [calm, busy] = [lives.filter(isCalm), lives.filter((life) => !isCalm(life))]
      const texts = [...busy, ...calm].map(([name, { state, since }]) =>
        describe({ name, state, time: age(now - since) }, style),
      )
      return joinWithin(texts, columns, (more) => style.paint('dim', `and ${more} more`))
    },
  }
}

type ServiceEvent = Extract<Event, { readonly kind: `service:${string}` }>

function stateAfter(event: ServiceEvent, life: Life | undefined): State | 'same' | 'gone' {
  switch (event.kind) {
    case 'service:starting':
      return 'starting'
    case 'service:ready':
      return 'ready'
    case 'service:stopping':
      return 'stopping'
    case 'service:stopped':
      return 'gone'
    case 'service:exit':
      // One that never was ready has failed to start: that is told where it was waited for.
      return event.expected || life?.state === 'starting' ? 'gone' : 'died'
    case 'service:signal':
      if (life === undefined) return 'same'
      if (event.signal === 'SIGSTOP') return 'paused'
      return event.signal === 'SIGCONT' && life.state === 'paused' ? 'ready' : 'same'
    default:
      return 'same'
  }
}

function isCalm([, { state }]: readonly [string, Life]): boolean {
  return state === 'ready'
}

const ROOM_FOR_REST = 12

/** As many texts as fit, and how many there are more. */
function joinWithin(texts: readonly string[], columns: number, count: (more: number) => string): string {
  let line = ''
  for (const [index, text] of texts.entries()) {
    const longer = line === '' ? text : `${line}  ${text}`
    const room = index === texts.length - 1 ? columns : columns - ROOM_FOR_REST
    if (line !== '' && widthOf(longer) > room) return `${line}  ${count(texts.length - index)}`
    line = longer
  }
  return line
}

const WORDS: Readonly<Record<State, string>> = {
  starting: ' starts',
  ready: '',
  paused: ' is paused',
  stopping: ' stops',
  died: ' died',
}

function describe(
  { name, state, time }: { name: string; state: State; time: string },
  { signs, paint }: Style,
): string {
  const sign = {
    starting: paint('yellow', signs.wait),
    ready: paint('cyan', signs.ready),
    paused: paint('yellow', signs.signal),
    stopping: paint('dim', signs.wait),
    died: paint('red', signs.warning),
  }[state]
  return `${sign} ${name}${WORDS[state]} ${paint('dim', time)}`
}
