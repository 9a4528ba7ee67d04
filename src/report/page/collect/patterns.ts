import { createHash } from 'node:crypto'
import type { Event } from '../../../event.ts'
import { cut } from './sample.ts'

/** A kind of line: what a service prints again and again with other numbers in it. */
export interface Pattern {
  /** `service: line`, with everything that differs from run to run replaced. */
  readonly id: string
  readonly service: string
  /** The first such line, as it was. */
  readonly example: string
  readonly isError: boolean
  count: number
}

/** The kinds of lines of a run. */
export interface PatternStore {
  hear(event: Event): void
  readonly patterns: readonly Pattern[]
}

const MOST = 2000

/** Keeps the first 2,000 kinds. A line that is longer than 500 characters is judged by those. */
export function createPatternStore(): PatternStore {
  const known = new Map<string, Pattern>()
  return {
    hear(event) {
      if (event.kind !== 'log') return
      const key = `${event.service}: ${generalize(event.line.slice(0, 500))}`
      const pattern = known.get(key)
      if (pattern !== undefined) pattern.count += 1
      else if (known.size < MOST) known.set(key, begin(key, event))
    },
    get patterns() {
      return [...known.values()]
    },
  }
}

function begin(key: string, event: Event & { kind: 'log' }): Pattern {
  const { service, line, stream } = event
  const id = createHash('sha256').update(key).digest('base64url').slice(0, 8)
  return { id, service, example: cut(line, 300), isError: stream === 'stderr', count: 1 }
}

/** The line without what differs from run to run: numbers, addresses, hashes, what stands in quotes or in a path. */
export function generalize(line: string): string {
  return line
    .replace(/"[^"]*"|'[^']*'/g, '"…"')
    .replace(/(?:\/[\w.@%+~-]+){2,}/g, '/…')
    .replace(/\b[a-z][\w-]*\d[\w-]*\b|\b[0-9a-f]{7,}\b/gi, '#')
    .replace(/\d+(?:\.\d+)?(?:ns|µs|us|ms|s|m|h|[KMG]?i?B)?\b|\d+/g, '#')
    .replace(/#(?:[.:,/-]#)+/g, '#')
}
