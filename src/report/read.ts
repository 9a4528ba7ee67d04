import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { UsageError } from '../error.ts'
import type { Event } from '../event.ts'
import { shorten } from '../show.ts'
import { createJoin } from './join.ts'

/**
 * The events of a log, one a line. A last line that was cut off is left out: the process was killed while it wrote. A
 * line before it that is not an event throws a UsageError with its number, unless another log was joined to it there: of
 * shards, one may have been killed, too.
 */
export async function* readEvents(file: string): AsyncGenerator<Event> {
  let number = 0
  const join = createJoin()
  let doubtful: { readonly number: number; readonly line: string } | undefined
  for await (const line of openLines(file)) {
    number += 1
    if (line === '') continue
    const event = parseEvent(line) ?? parseBehindCut(line)
    // Only the last line of a log may be broken, and that it is not the last one shows here.
    if (doubtful !== undefined && event?.kind !== 'run:start') throw refuse(file, doubtful)
    doubtful = event === undefined ? { number, line } : undefined
    if (event !== undefined) yield join(event)
  }
}

/** One line of a log as an event; undefined for one that is none. */
export function parseEvent(line: string): Event | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isEvent(value) ? value : undefined
  } catch {
    return undefined // not JSON, so not an event: the caller knows whether that can be
  }
}

/** A log was cut off in the middle of a line, and the next one was joined to it right there. */
function parseBehindCut(line: string): Event | undefined {
  const event = parseEvent(line.slice(line.lastIndexOf('{"time":')))
  return event?.kind === 'run:start' ? event : undefined
}

function openLines(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
}

/** What every event has. Its own fields are what the same version of the project wrote; an unknown kind is heard by nobody. */
function isEvent(value: unknown): value is Event {
  if (typeof value !== 'object' || value === null) return false
  return (
    'time' in value &&
    typeof value.time === 'number' &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    'script' in value
  )
}

function refuse(file: string, { number, line }: { number: number; line: string }): UsageError {
  return new UsageError(`not an event: line ${number} of ${file}`, {
    expected: 'one JSON object a line, with time, script and kind',
    last: shorten(line, 120),
    hint: 'only the last line of a log may be cut off; this file was changed by something else',
  })
}
