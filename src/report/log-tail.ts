import type { Event } from '../event.ts'

/** Remembers the last lines that were logged, per script. */
export interface LogTail {
  hear(event: Event): void
  /**
   * The last lines of a script's services since a part of it began, as `service | line`; of a scenario that failed only those
   * from before its services were stopped: their last words are about that.
   */
  lastOf(part: LoggedPart, most: number): readonly string[]
}

/** A scenario or step, or whatever began at that time. */
export interface LoggedPart {
  readonly script: string
  readonly id?: string | undefined
  readonly began: number
}

interface Logged {
  readonly time: number
  readonly text: string
}

const KEPT = 200

/** Keeps the last 200 lines of each script. */
export function createLogTail(): LogTail {
  const lines = new Map<string, Logged[]>()
  /** When the teardown of a scenario that failed began. */
  const ends = new Map<string, number>()
  return {
    hear(event) {
      if (event.kind === 'evidence') ends.set(`${event.script}\n${event.scenario}`, event.time)
      if (event.kind !== 'log') return
      const kept = lines.get(event.script) ?? []
      lines.set(event.script, kept)
      kept.push({ time: event.time, text: `${event.service} | ${event.line}` })
      // In blocks, so that a chatty service does not cost a shift a line.
      if (kept.length > KEPT * 2) kept.splice(0, kept.length - KEPT)
    },
    lastOf({ script, id, began }, most) {
      const end = ends.get(`${script}\n${id}`) ?? Number.POSITIVE_INFINITY
      const recent = (lines.get(script) ?? []).filter(({ time }) => time >= began && time <= end)
      return recent.slice(-most).map(({ text }) => text)
    },
  }
}
