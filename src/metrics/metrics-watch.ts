import { currentContext } from '../context.ts'
import { type Duration, milliseconds } from '../duration.ts'
import { UsageError } from '../error.ts'
import { show } from '../show.ts'
import { pause } from '../wait/pause.ts'
import type { Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { takeMark } from './mark-take.ts'
import { type Series, type Snapshot, type Source, showSeries } from './select-series.ts'
import { createUnread } from './select-unread.ts'

/** A counter that fell, or a series that was gone at a later look. */
export interface Fall {
  readonly series: string
  readonly from: number
  readonly to: number | 'gone'
}

/** How closely a watch looks. */
export interface WatchOptions {
  /** The pause between two looks in the background: a fall that is over sooner can be missed. `'100ms'` when not given. */
  readonly every?: Duration
}

/**
 * Every fall since the watch began. Reading it looks once more, so that nothing up to now is missed; it rejects for as long
 * as the series were not seen at two looks. Ends with the scenario; outside of one, dispose of it.
 */
export interface Watch extends Reading<readonly Fall[]>, AsyncDisposable {
  /** Ends the looks in the background. */
  stop(): Promise<void>
}

/** Looks once, then in the background until it is stopped. A gauge is a UsageError: it may fall. */
export async function watchSeries(source: Source, options: WatchOptions = {}): Promise<Watch> {
  const describe = `falls of ${source.describe}`
  const every = milliseconds(options.every ?? '100ms')
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, ...[currentContext()?.signal ?? []].flat()])
  let background: Promise<void> = Promise.resolve()
  const stop = async () => {
    over.abort(new Error(`the watch of ${source.describe} was stopped`))
    await background
  }
  currentContext()?.own(`watch of ${source.describe}`, stop)
  const diary = createDiary(source)
  diary.enter(await takeMark(describe, source))
  background = lookOn(diary, every, signal)
  return {
    describe,
    about: source.about,
    phrasing: {
      failed: 'a counter fell',
      looked: countFalls,
      seen: (falls) => [`${countFalls(falls)} in ${diary.looks()} looks`, ...listFalls(falls)].join('\n'),
    },
    read: (during) => diary.read(during),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

interface Diary {
  enter(snapshot: Snapshot): void
  look(signal?: AbortSignal): Promise<void>
  read(signal?: AbortSignal): Promise<readonly Fall[]>
  looks(): number
}

function createDiary(source: Source): Diary {
  const known = new Map<string, { series: Series; gone: boolean }>()
  const falls: Fall[] = []
  let looks = 0
  let turn: Promise<unknown> = Promise.resolve()
  const enter = (snapshot: Snapshot) => {
    refuseGauge(source, snapshot)
    if (known.size + snapshot.series.length > 0) looks += 1
    compare(known, snapshot, falls)
  }
  // One after the other: what an older look saw is never compared with what a newer one did.
  const look = (signal?: AbortSignal) => {
    const sensed = { kind: 'watched', name: source.describe } as const
    const work = turn.then(async () => enter(await sense(sensed, () => source.look(signal))))
    turn = work.catch(() => {}) // told by whoever asked for this look
    return work
  }
  return {
    enter,
    look,
    looks: () => looks,
    async read(signal) {
      await look(signal)
      if (looks < 2) throw createUnread(`not seen at two looks yet: ${source.describe}`, [])
      return [...falls]
    },
  }
}

function compare(
  known: Map<string, { series: Series; gone: boolean }>,
  { series }: Snapshot,
  falls: Fall[],
): void {
  const present = new Set(series.map(({ key }) => key))
  for (const entry of known.values()) {
    if (entry.gone || present.has(entry.series.key)) continue
    entry.gone = true
    falls.push({ series: showSeries(entry.series), from: entry.series.value, to: 'gone' })
  }
  for (const one of series) {
    const from = known.get(one.key)?.series.value ?? 0
    if (!(one.value >= from)) falls.push({ series: showSeries(one), from, to: one.value })
    known.set(one.key, { series: one, gone: false })
  }
}

async function lookOn(diary: Diary, every: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // A page that cannot be read is no fall; the look of the claim tells it if it stays so.
    await diary.look(signal).catch(() => {})
    // Rejects only when the watch is over, which ends the loop.
    await pause(every, signal).catch(() => {})
  }
}

function refuseGauge({ describe }: Source, { series, rises }: Snapshot): void {
  if (series.length === 0 || rises) return
  throw new UsageError(`not a counter: ${describe}`, {
    hint: 'only counters are watched for falls: its TYPE or its ending says that it may fall',
  })
}

function listFalls(falls: unknown): readonly string[] {
  if (!Array.isArray(falls)) return [show(falls)]
  return falls.slice(0, 10).map(({ series, from, to }: Fall) => `${series} ${from} → ${to}`)
}

function countFalls(falls: unknown): string {
  const count = Array.isArray(falls) ? falls.length : 0
  return count === 1 ? '1 fall' : `${count} falls`
}
