import type { Event, EventOf } from '../../event.ts'
import { type RunDraft, type ServiceDraft, scriptIn } from './draft.ts'

/** Folds the lives of services: each start begins another one. */
export function createServiceFold(run: RunDraft): (event: Event) => void {
  const lives = new Map<string, ServiceDraft>()
  return (event) => {
    if (!('service' in event) || event.kind === 'log') return
    const key = `${event.script}\n${event.service}`
    if (event.kind === 'service:starting') {
      const life = begin(event)
      lives.set(key, life)
      scriptIn(run, event.script, event.time).services.push(life)
      return
    }
    const life = lives.get(key)
    if (life !== undefined) follow(life, event)
  }
}

type ServiceEvent = Extract<Event, { readonly kind: `service:${string}` }>

function begin(event: EventOf<'service:starting'>): ServiceDraft {
  const { script, scenario, service, driver, after, time } = event
  return {
    script,
    scenario,
    service,
    driver,
    after,
    endpoints: {},
    version: undefined,
    began: time,
    ready: undefined,
    exit: undefined,
    stopping: undefined,
    stopped: undefined,
    forced: false,
    swept: [],
  }
}

function follow(life: ServiceDraft, event: ServiceEvent): void {
  switch (event.kind) {
    case 'service:started':
      life.endpoints = event.endpoints
      break
    case 'service:ready':
      life.endpoints = event.endpoints
      life.version = event.version
      life.ready = event.time
      break
    case 'service:exit':
      life.exit = { code: event.code, signal: event.signal, expected: event.expected }
      break
    case 'service:stopping':
      life.stopping = event.time
      break
    case 'service:stopped':
      Object.assign(life, { stopped: event.time, forced: event.forced, swept: event.swept })
      life.stopping ??= event.time - event.milliseconds
      break
  }
}
