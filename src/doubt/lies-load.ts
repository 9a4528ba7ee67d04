import { isPeriod, period } from '../duration.ts'
import { type Lie, lieAbout } from './lie.ts'
import { isRecord } from './lies-value.ts'

const HOUR = 3_600_000

/** What became of a load, a lie for each part of it that a script may look at. */
export const LOAD: readonly Lie[] = [
  aboutPart('total', 'was another number of requests', toOther),
  aboutPart('answered', 'has another number of answers', toOther),
  aboutPart('unanswered', 'has another number of requests without an answer', toOther),
  aboutPart('ok', 'has another number of good answers', toOther),
  aboutPart('errors', 'has another number of errors', toOther),
  aboutPart('written', 'was another number of requests on the wire', toOther),
  aboutPart('dropped', 'has another number of dropped requests', toOther),
  aboutPart('late', 'has another number of late requests', toOther),
  aboutPart('byStatus', 'is answered with 599 only', (counts) => ({ 599: sumOf(counts) })),
  aboutPart('byPath', 'went to another path', (counts) => (isRecord(counts) ? {} : counts)),
  aboutPart('failures', 'has another number of failures', (failures) =>
    isRecord(failures) && Object.keys(failures).length > 0 ? {} : { refused: { count: 1, first: 'doubt' } },
  ),
  aboutPart('latency', 'takes an hour', toHours),
  aboutPart('rate', 'has another rate', toOther),
  aboutPart('seconds', 'takes another time', toOther),
]

function aboutPart(part: string, words: string, make: (value: unknown) => unknown): Lie {
  return lieAbout({ name: part, part, words }, (sent) =>
    isRecord(sent) ? { ...sent, [part]: make(sent[part]) } : undefined,
  )
}

/** More than there was: a claim that is compared with it asks for at least as much, as a rule. */
function toOther(count: unknown): number {
  return 2 * Number(count) + 1
}

function sumOf(counts: unknown): number {
  return isRecord(counts) ? Object.values(counts).reduce<number>((sum, count) => sum + Number(count), 0) : 0
}

function toHours(latency: unknown): unknown {
  if (!isRecord(latency)) return latency
  return Object.fromEntries(
    Object.entries(latency).map(([name, value]) => [name, isPeriod(value) ? period(HOUR) : value]),
  )
}
