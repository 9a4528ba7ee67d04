import type { Failure } from '../error.ts'
import { type Series, type Snapshot, showSeries } from './select-series.ts'
import { createUnread } from './select-unread.ts'

/** What every series has counted since a mark. */
export interface Ledger {
  /** True once there was a series: from then on, none is a loss and not a beginning. */
  hasSeries(): boolean
  /** The series of a snapshot with what they counted since the mark as value; rejects once one fell or is gone. */
  count(snapshot: Snapshot): readonly Series[]
}

interface Account {
  readonly series: Series
  /** Where counting began, and the last value seen. */
  base: number
  last: number
  /** What was counted before a restart. */
  carried: number
}

interface LedgerOptions {
  readonly countsRestarts: boolean
  /** A series that is gone counts as fallen to 0. */
  readonly vanishes: boolean
}

/** Begins with the series of a mark. */
export function createLedger(mark: Snapshot, options: LedgerOptions): Ledger {
  const accounts = new Map(
    mark.series.map((series) => [series.key, { series, base: series.value, last: series.value, carried: 0 }]),
  )
  const ledger = { accounts, options, looked: mark.ended, broken: undefined }
  return {
    hasSeries: () => accounts.size > 0,
    count: (snapshot) => count(ledger, snapshot),
  }
}

interface Books {
  readonly accounts: Map<string, Account>
  readonly options: LedgerOptions
  /** When the latest look ended: one that began before that may have seen less. */
  looked: number
  /** A counter that fell has lost what it had counted; that it rises again does not mend it. */
  broken: Failure | undefined
}

function count(books: Books, snapshot: Snapshot): readonly Series[] {
  if (snapshot.began >= books.looked) {
    for (const series of snapshot.series) enter(books, series, snapshot.rises)
    books.looked = snapshot.ended
  }
  if (books.broken !== undefined) throw books.broken
  const present = snapshot.series.map((series) => ({ ...series, value: sinceMark(books, series) }))
  const keys = new Set(present.map(({ key }) => key))
  return [...present, ...countGone(books, keys)]
}

/** Writes down what a series says now; one that is new starts at 0. */
function enter(books: Books, series: Series, rises: boolean): void {
  const account = books.accounts.get(series.key) ?? { series, base: 0, last: 0, carried: 0 }
  books.accounts.set(series.key, account)
  if (rises && series.value < account.last) {
    if (!books.options.countsRestarts) books.broken ??= tellFallen(account, series.value)
    account.carried += account.last - account.base
    account.base = 0
  }
  // NaN compares with nothing: the next fall would go unseen.
  if (!Number.isNaN(series.value)) account.last = series.value
}

function sinceMark(books: Books, series: Series): number {
  const { base, carried } = books.accounts.get(series.key) ?? { base: 0, carried: 0 }
  return series.value - base + carried
}

function countGone(books: Books, present: ReadonlySet<string>): readonly Series[] {
  const gone = [...books.accounts.values()].filter(({ series }) => !present.has(series.key))
  const { vanishes, countsRestarts } = books.options
  const [first] = gone
  if (first !== undefined && !vanishes && !countsRestarts) throw tellGone(gone)
  return gone.map(({ series, base, last, carried }) => ({
    ...series,
    value: vanishes ? -base : last - base + carried,
  }))
}

function tellFallen({ series, last }: Account, value: number): Failure {
  return createUnread(`a counter fell: ${showSeries(series)}`, [
    `from ${last} to ${value}: what it had counted is lost`,
    "where its process is meant to start again: fromNow({ restarts: 'count' })",
  ])
}

function tellGone(gone: readonly Account[]): Failure {
  const [first] = gone
  const more = gone.length > 1 ? ` and ${gone.length - 1} more` : ''
  const lines = gone.slice(0, 6).map(({ series, last }) => `${showSeries(series)} was ${last}`)
  return createUnread(`a series is gone: ${first === undefined ? '' : showSeries(first.series)}${more}`, [
    ...lines,
    "where its process is meant to end: fromNow({ restarts: 'count' })",
  ])
}
