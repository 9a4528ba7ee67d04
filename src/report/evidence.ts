import type { Event } from '../event.ts'
import { createLogTail } from './log-tail.ts'

/** The last log lines before something failed, kept for reports that are made when the run is over. */
export interface Evidence {
  hear(event: Event): void
  /** What the services of a failed step or scenario logged last, as `service | line`; empty for one that passed. */
  linesOf(part: { readonly script: string; readonly id: string }): readonly string[]
}

const LINES = 50

/** Keeps nothing of what passes. */
export function createEvidence(): Evidence {
  const tail = createLogTail()
  const began = new Map<string, number>()
  const kept = new Map<string, readonly string[]>()
  return {
    hear(event) {
      tail.hear(event)
      if (event.kind === 'scenario:start' || event.kind === 'step:start') began.set(keyOf(event), event.time)
      if (event.kind !== 'scenario:end' && event.kind !== 'step:end') return
      const part = { script: event.script, id: event.id, began: began.get(keyOf(event)) ?? 0 }
      began.delete(keyOf(event))
      if (event.error !== undefined) kept.set(keyOf(event), tail.lastOf(part, LINES))
    },
    linesOf: (part) => kept.get(keyOf(part)) ?? [],
  }
}

function keyOf({ script, id }: { readonly script: string; readonly id: string }): string {
  return `${script}\n${id}`
}
