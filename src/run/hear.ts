import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Event } from '../event.ts'

/** Gives every event that a script tells on its channel, until that closes. A line that was cut off is left out. */
export async function hearEvents(channel: unknown, tell: (event: Event) => void): Promise<void> {
  if (!isReadable(channel)) return
  for await (const line of linesOf(channel)) {
    const event = parse(line)
    if (event !== undefined) tell(event)
  }
}

/** Makes events of the lines that a script prints itself. */
export async function hearOutput(
  stream: Readable | null,
  from: {
    readonly file: string
    readonly name: 'stdout' | 'stderr'
    readonly tell: (event: Event) => void
  },
): Promise<void> {
  if (stream === null) return
  const { file, name, tell } = from
  for await (const line of linesOf(stream))
    tell({ time: Date.now(), script: file, kind: 'log', service: 'script', stream: name, line })
}

function linesOf(input: Readable): AsyncIterable<string> {
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
}

/** Written by our own `emit`, a line each. Only one that was being written when the script was killed is not whole. */
function parse(line: string): Event | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isEvent(value) ? value : undefined
  } catch {
    // The script was killed in the middle of it.
    return undefined
  }
}

function isEvent(value: unknown): value is Event {
  return typeof value === 'object' && value !== null && 'kind' in value && 'time' in value
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === 'object' && stream !== null && 'on' in stream && 'read' in stream
}
