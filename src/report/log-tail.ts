import type { Event } from '../event.ts'

/** Remembers the last lines that were logged, per script. */
export interface LogTail {
  hear(event: Event): void
  /** The last lines of a script's services since that time, as `service | line`. */
  since(script: string, time: number, most: number): readonly string[]
}

interface Logged {
  readonly time: number
  readonly text: string
}

const KEPT = 200

/** Keeps the last 200 lines of each script. */
export function createLogTail(): LogTail {
  const lines = new Map<string, Logged[]>()
  return {
    hear(event) {
      if (event.kind !== 'log') return
      const kept = lines.get(event.script) ?? []
      lines.set(event.script, kept)
      kept.push({ time: event.time, text: `${event.service} | ${event.line}` })
      // In blocks, so that a chatty service does not cost a shift a line.
      if (kept.length > KEPT * 2) kept.splice(0, kept.length - KEPT)
    },
    since(script, time, most) {
      const recent = (lines.get(script) ?? []).filter((line) => line.time >= time)
      return recent.slice(-most).map(({ text }) => text)
    },
  }
}
