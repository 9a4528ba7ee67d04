import { formatDuration } from '../duration.ts'
import { type Failure, titleOf } from '../error.ts'
import { createFailureAt, describeWait, lastLinesOf } from '../expect/failure.ts'
import type { Look } from '../wait/poll.ts'
import type { Assessment, Problem, Question } from './assess.ts'
import type { Book, Deletion, Life } from './book.ts'
import type { Proof } from './expire-course.ts'
import type { Calls } from './look.ts'

/** One key's proof, in milliseconds: how long before its deadline it was last seen, and after it first missed. */
export interface Expiry {
  readonly key: string
  /** By the server's clock, since 1970. Undefined where it was gone before a look: then the server told that it expired. */
  readonly deadline: number | undefined
  readonly alive: number | undefined
  readonly gone: number | undefined
}

/** What there is to tell of a claim that did not hold. */
export interface Evidence {
  readonly found: Assessment
  readonly question: Question
  readonly book: Book
  readonly calls: Calls
  readonly looks: readonly Look[]
  readonly count: number
  readonly milliseconds: number
}

const SHOWN = 5
const KIND_OF_DEL = ['del', 'unlink', 'getdel', 'flushall', 'flushdb', 'swapdb', 'rename', 'renamenx', 'move']

/** What was proven for each key. */
export function readExpiries(expired: readonly Life[]): readonly Expiry[] {
  return expired.map(({ key, deadline, alive, end }) => {
    if (deadline === undefined || end === undefined)
      return { key, deadline: undefined, alive: undefined, gone: undefined }
    return { key, deadline, alive: deadline - alive, gone: end.at - deadline }
  })
}

/** A proof in one line: `12 keys expired: last seen at most 1.2s before the deadline, gone at most 1.4ms after it`. */
export function tellExpired(expiries: readonly Expiry[]): string {
  const before = expiries.flatMap(({ alive }) => alive ?? [])
  const after = expiries.flatMap(({ gone }) => gone ?? [])
  const heard = expiries.length - after.length
  const parts = [
    ...(after.length === 0
      ? []
      : [
          `last seen at most ${formatDuration(most(before))} before the deadline, gone at most ${formatDuration(most(after))} after it`,
        ]),
    ...(heard === 0 ? [] : [`${heard} before a look, as the server told`]),
  ]
  return `${expiries.length === 1 ? '1 key' : `${expiries.length} keys`} expired: ${parts.join('; ')}`
}

/** Never below zero: a key is there until the very millisecond of its deadline. */
function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), 0)
}

/** What is claimed, in words. */
export function describeClaim({ within, deletions }: Pick<Proof, 'within' | 'deletions'>): string {
  const none = deletions === undefined ? '' : ', none ever deleted'
  return `every key to expire by itself within ${formatDuration(within)}${none}`
}

/** Why the keys did not expire by themselves: each key by name, and what to look at next. */
export function tellNotExpired(proof: Proof, evidence: Evidence): Failure {
  const { expiring, assertion } = proof
  return createFailureAt(assertion.at, `keys did not expire by themselves: ${expiring.describe}`, {
    expected: describeClaim(proof),
    last: describeProblems(evidence),
    waited: describeWait(evidence),
    hint: describeHints(evidence),
    log: lastLinesOf(expiring.source.about),
  })
}

/** The keys could not be looked at any more. */
export function tellUnread(
  proof: Proof,
  cause: Error,
  course: Pick<Evidence, 'looks' | 'count' | 'milliseconds'>,
): Failure {
  const { expiring, assertion } = proof
  return createFailureAt(assertion.at, `keys could not be looked at: ${expiring.describe}`, {
    expected: describeClaim(proof),
    last: titleOf(cause),
    waited: describeWait(course),
    log: lastLinesOf(expiring.source.about),
    cause,
  })
}

/** What is wrong in one line. */
export function summarize({ found, question }: Evidence): string {
  const [first] = found.problems
  const more = found.problems.length - 1
  const text = first === undefined ? 'nothing' : describeProblem(first, question)
  return more > 0 ? `${text}; and ${more} more` : text
}

function describeProblems({ found, question }: Evidence): string {
  const lines = found.problems.slice(0, SHOWN).map((problem) => describeProblem(problem, question))
  const more = found.problems.length - SHOWN
  const good = found.expired.length
  return [
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(good > 0 ? [`(${good === 1 ? '1 other key' : `${good} other keys`} expired as claimed)`] : []),
  ].join('\n')
}

function describeProblem(problem: Problem, question: Question): string {
  if (problem.kind === 'nothing') return 'no key: there was nothing that could expire'
  if (problem.kind === 'deletion') return describeDeletion(problem.deletion, question.start)
  const { life } = problem
  const { key, deadline = 0, alive } = life
  if (problem.kind === 'no TTL') return `${key}: it has no TTL`
  if (problem.kind === 'lost') return `${key}: lost, because the server that held it ended`
  if (problem.kind === 'outlived')
    return `${key}: still there ${formatDuration(alive - deadline)} after its deadline`
  if (problem.kind === 'deleted') return `${key}: ${describeEnd(life)}`
  const late = formatDuration(deadline - question.bound)
  return `${key}: expires ${formatDuration(deadline - question.start)} after the claim, ${late} too late`
}

function describeEnd({ deadline, end }: Life): string {
  const at = end?.at ?? 0
  const by = end?.how === 'deleted' ? `deleted (${end.by})` : 'gone, nobody saw how,'
  if (deadline === undefined) return `${by} and it had no TTL`
  const early = formatDuration(Math.max(deadline - at, 0))
  return end?.how === 'deleted'
    ? `${by} ${early} before its deadline`
    : `${by} at least ${early} before its deadline`
}

function describeDeletion({ command, key, time }: Deletion, start: number): string {
  const when = time < start ? `${formatDuration(start - time)} before the claim` : 'during the claim'
  if (key === '*') return `${command.toUpperCase()} was called, first seen ${when}`
  return command === 'unknown'
    ? `${key}: gone before its deadline, ${when}`
    : `${key}: deleted (${command}) ${when}`
}

function describeHints(evidence: Evidence): readonly string[] {
  const { found, calls } = evidence
  const kinds = new Set(found.problems.map(({ kind }) => kind))
  const hints: string[] = []
  if (kinds.has('nothing')) hints.push(describeOthers(evidence))
  if (
    kinds.has('late') &&
    found.problems.some((problem) => problem.kind === 'late' && problem.life.moves > 0)
  ) {
    hints.push('its deadline was moved while somebody looked: is a writer still running?')
  }
  if (kinds.has('deleted') || kinds.has('deletion')) {
    const called = KIND_OF_DEL.flatMap((name) => {
      const count = calls.get(name) ?? 0
      return count === 0 ? [] : [`${name.toUpperCase()} ×${count}`]
    })
    if (called.length > 0) hints.push(`commands that the server was given: ${called.join(', ')}`)
  }
  return hints
}

/** Where there was nothing: what had been there before the keys were named, else what other keys there are. */
function describeOthers({ book, question }: Evidence): string {
  const earlier = book.lives().filter(({ key, end }) => end?.how === 'expired' && question.matches(key))
  const last = Math.max(...earlier.map(({ end }) => end?.at ?? 0))
  if (earlier.length > 0) {
    const keys = earlier.length === 1 ? '1 key' : `${earlier.length} keys`
    const ago = formatDuration(question.start - last)
    return `${keys} had expired before they were named, the last ${ago} before the claim: write keys(…) before what writes them is stopped`
  }
  const others = book.alive().map(({ key }) => key)
  if (others.length === 0) return 'there is no other key either'
  const more = others.length > SHOWN ? ` and ${others.length - SHOWN} more` : ''
  return `keys that are there: ${others.toSorted().slice(0, SHOWN).join(', ')}${more}`
}
