import type { Event } from '../../../event.ts'

/** What is known of one life of a service besides its times. */
export interface LifeDetails {
  readonly pid?: number | undefined
  readonly command: readonly string[]
  /** When its program was gone, in milliseconds since 1970. */
  readonly ended?: number | undefined
}

/** Details of the lives of services. */
export interface LifeStore {
  hear(event: Event): void
  /** Of the life that began at that time, in milliseconds since 1970. */
  detailsOf(life: { readonly script: string; readonly service: string; readonly began: number }): LifeDetails
}

/** Keeps a line or two a life. */
export function createLifeStore(): LifeStore {
  const details = new Map<string, LifeDetails>()
  const latest = new Map<string, string>()
  return {
    hear(event) {
      if (!('service' in event) || event.kind === 'log') return
      const service = `${event.script}\n${event.service}`
      if (event.kind === 'service:starting') {
        latest.set(service, `${service}\n${event.time}`)
        details.set(`${service}\n${event.time}`, { command: event.command })
        return
      }
      const key = latest.get(service)
      if (key === undefined) return
      const known = details.get(key) ?? { command: [] }
      if (event.kind === 'service:started') details.set(key, { ...known, pid: event.pid })
      if (event.kind === 'service:exit') details.set(key, { ...known, ended: event.time })
    },
    detailsOf: ({ script, service, began }) =>
      details.get(`${script}\n${service}\n${began}`) ?? { command: [] },
  }
}
