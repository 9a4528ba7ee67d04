import type { CallSite } from '../call-site.ts'
import { formatDuration } from '../duration.ts'
import { Failure, type Story } from '../error.ts'
import type { Owner } from '../reference.ts'
import { shorten, show } from '../show.ts'
import type { Look, Waited } from '../wait/poll.ts'
import type { Phrasing } from '../wait/reading.ts'

const STATIONS_SHOWN = 8
const STATION_LENGTH = 60
const LOG_LINES = 10

/** What a failed wait was about. */
export interface Subject {
  readonly what: string
  readonly expected: string
  readonly phrasing?: Phrasing | undefined
  readonly about?: Iterable<Owner> | undefined
}

/** The whole story of a wait that failed: expected, last, waited with the values on the way, where, what to do. */
export function describeFailure(
  subject: Subject,
  waited: Waited<unknown>,
  at: CallSite | undefined,
): Failure {
  const { phrasing } = subject
  const expected =
    phrasing?.expected === undefined ? subject.expected : `${phrasing.expected} ${subject.expected}`
  return createFailureAt(at, `${phrasing?.failed ?? 'not as expected'}: ${subject.what}`, {
    expected,
    last: describeLast(waited, phrasing),
    waited: describeWait(waited),
    hint: [
      ...describeEnd(waited),
      ...(waited.hint === undefined ? [] : [waited.hint]),
      ...describeFailedLooks(waited.looks),
    ],
    log: lastLinesOf(subject.about ?? []),
    ...(waited.error === undefined ? {} : { cause: waited.error }),
  })
}

/** A failure whose story and stack point at the line of the script that made the claim. */
export function createFailureAt(
  at: CallSite | undefined,
  title: string,
  story: Story & { readonly cause?: unknown },
): Failure {
  if (at === undefined) return new Failure(title, story)
  const failure = new Failure(title, { ...story, at: at.toString() })
  failure.stack = `${failure.name}: ${failure.message}\n    at ${at.file}:${at.line}:${at.column}`
  return failure
}

/** The last lines that the owners of an address logged, each with its name in front. */
export function lastLinesOf(owners: Iterable<Owner>, count = LOG_LINES): readonly string[] {
  return [...owners].flatMap((owner) =>
    (owner.lastLines?.(count) ?? []).map((line) => `${owner.name} | ${line}`),
  )
}

/** The values on the way: `12 → 60 → 108 ×9`, equal neighbours counted, the middle left out when there are many. */
export function describePath(looks: readonly Look[]): string {
  const stations: { saw: string; times: number }[] = []
  for (const { saw } of looks) {
    const last = stations.at(-1)
    if (last?.saw === saw) last.times += 1
    else stations.push({ saw, times: 1 })
  }
  const words = stations.map(
    ({ saw, times }) => `${shorten(saw, STATION_LENGTH)}${times === 1 ? '' : ` ×${times}`}`,
  )
  if (words.length <= STATIONS_SHOWN) return words.join(' → ')
  return [...words.slice(0, 3), '…', ...words.slice(-(STATIONS_SHOWN - 4))].join(' → ')
}

function describeLast(waited: Waited<unknown>, phrasing: Phrasing | undefined): string {
  const { value, error } = waited
  const seen = value === undefined ? undefined : (phrasing?.seen?.(value) ?? show(value))
  if (error === undefined) return seen ?? 'nothing'
  return seen === undefined ? error.message : `${error.message}\n(before that: ${seen})`
}

/** How long was waited and what was seen meanwhile: `1.2s, 9 reads: 12 → 60 → 108 ×7`. */
export function describeWait(waited: Pick<Waited<unknown>, 'looks' | 'count' | 'milliseconds'>): string {
  const reads = waited.count === 1 ? '1 read' : `${waited.count} reads`
  return `${formatDuration(waited.milliseconds)}, ${reads}: ${describePath(waited.looks)}`
}

function describeEnd({ ended }: Waited<unknown>): readonly string[] {
  if (ended === 'once')
    return ['looking does something, so it was done once: give { within } to have it done again']
  return ended === 'final' ? ['no later look can change this, so it was not waited for any longer'] : []
}

function describeFailedLooks(looks: readonly Look[]): readonly string[] {
  const failed = looks.filter((look) => look.failed)
  // Where all of them failed, `last` and `waited` say so already.
  if (failed.length === 0 || failed.length === looks.length) return []
  const counts = new Map<string, number>()
  for (const { saw } of failed) counts.set(saw, (counts.get(saw) ?? 0) + 1)
  return [...counts].map(([saw, count]) => `${count} of the reads failed: ${saw}`)
}
