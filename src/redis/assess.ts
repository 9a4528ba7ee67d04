import type { Book, Deletion, Life } from './book.ts'

/** What is asked of the keys under a pattern. Times are the server's, but for `named`. */
export interface Question {
  matches(key: string): boolean
  /** When the script named the keys, by `performance.now()`: what ended earlier is not meant. */
  readonly named: number
  /** When the claim was made. */
  readonly start: number
  /** Until when every key must have expired. */
  readonly bound: number
  /** No key may have been deleted, from the beginning of the watch on. */
  readonly deletions: 0 | undefined
}

/** Why a key does not expire by itself and in time. */
export type Problem =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'no TTL' | 'late' | 'outlived' | 'deleted' | 'lost'; readonly life: Life }
  | { readonly kind: 'deletion'; readonly deletion: Deletion }

/** Keys that had no TTL, by when they were looked at (`performance.now()`). */
export type Suspects = ReadonlyMap<string, number>

/** How far the proof has come. */
export interface Assessment {
  readonly problems: readonly Problem[]
  /** Still there, and with time left. */
  readonly waiting: readonly Life[]
  readonly expired: readonly Life[]
  /** Without a TTL at this look, and when that was: HSET and EXPIRE are two commands, so that only a second look counts. */
  readonly withoutTtl: Suspects
}

/** A server may take so long, in milliseconds, to let go of a key whose deadline has passed: it never takes any. */
const OVERDUE = 1000

/** What the book says about the question. `withoutTtl` is what the look before found without a TTL. */
export function assess(book: Book, question: Question, withoutTtl: Suspects): Assessment {
  const meant = book.lives().filter((life) => isMeant(life, question))
  const alive = meant.filter(({ end }) => end === undefined)
  const problems = meant.flatMap((life) => problemOf(life, question, withoutTtl))
  const expired = meant.filter(({ end }) => end?.how === 'expired')
  return {
    problems: [
      ...(meant.length === 0 ? [{ kind: 'nothing' } as const] : problems),
      ...deletionsIn(book, question, meant),
    ],
    waiting: alive,
    expired,
    withoutTtl: new Map(
      alive.filter(({ deadline }) => deadline === undefined).map(({ key, looked }) => [key, looked]),
    ),
  }
}

/** What was lost with its server before the claim was made proves nothing, and is nobody's fault. */
function isMeant({ key, looked, end }: Life, { matches, named, start }: Question): boolean {
  if (!matches(key) || looked < named) return false
  return end?.how !== 'lost' || end.at >= start
}

function problemOf(life: Life, question: Question, withoutTtl: Suspects): readonly Problem[] {
  const { key, deadline, end, alive, looked } = life
  if (end !== undefined) {
    if (end.how === 'lost') return [{ kind: 'lost', life }]
    return end.how === 'expired' ? [] : [{ kind: 'deleted', life }]
  }
  if (deadline === undefined)
    return looked > (withoutTtl.get(key) ?? looked) ? [{ kind: 'no TTL', life }] : []
  if (deadline > question.bound) return [{ kind: 'late', life }]
  return alive > deadline + OVERDUE ? [{ kind: 'outlived', life }] : []
}

/** Those that are told as the end of a key are not told twice. */
function deletionsIn(
  book: Book,
  { deletions, matches }: Question,
  meant: readonly Life[],
): readonly Problem[] {
  if (deletions === undefined) return []
  const told = new Set(
    meant.filter(({ end }) => end?.how === 'deleted' || end?.how === 'vanished').map(({ key }) => key),
  )
  return book
    .deletions()
    .filter(({ key }) => key === '*' || (matches(key) && !told.has(key)))
    .map((deletion) => ({ kind: 'deletion', deletion }))
}
