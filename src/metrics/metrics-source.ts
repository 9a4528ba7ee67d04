import { loaderOf } from '../lazy.ts'
import { ownersOf, type Reference } from '../reference.ts'
import { raceAbort } from '../wait/poll.ts'
import { sense } from '../wait/sense.ts'
import type { Page, ScrapeOptions } from './scrape.ts'
import { checkSelector, describeSelector } from './select.ts'
import { type Selection, selectFrom } from './select-page.ts'
import type { Snapshot, Source } from './select-series.ts'

/** With it comes the parser: loaded while what is looked at starts, not before. */
const scrape = loaderOf(import.meta.url).lazily<typeof import('./scrape.ts')>('./scrape')('scrape')

/** A page of metrics that can be fetched again. */
export interface Site {
  readonly url: Reference<string>
  fetch(signal?: AbortSignal): Promise<Page>
}

/**
 * The page at an address, fetched anew at each look: a page that was fetched before a look began would be stale for it.
 * Looks that begin at once share a fetch, which begins after them; it is given up when none of them wants it any more.
 */
export function createSite(url: Reference<string>, options: ScrapeOptions): Site {
  let next: Shared | undefined
  return {
    url,
    async fetch(signal) {
      signal?.throwIfAborted()
      next ??= begin()
      return join(next, signal)
    },
  }

  function begin(): Shared {
    const over = new AbortController()
    const page = new Promise((resolve) => setImmediate(resolve)).then(() => {
      next = undefined
      over.signal.throwIfAborted()
      return scrape(url, options, over.signal)
    })
    return { page, over, wanted: 0 }
  }
}

/** A fetch that has not begun yet, and how many looks want it. */
interface Shared {
  readonly page: Promise<Page>
  readonly over: AbortController
  wanted: number
}

async function join(shared: Shared, signal?: AbortSignal): Promise<Page> {
  shared.wanted += 1
  if (signal === undefined) return shared.page
  const leave = () => {
    shared.wanted -= 1
    if (shared.wanted === 0) shared.over.abort(signal.reason)
  }
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await raceAbort(shared.page, signal)
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

/** The selected series of a page, looked at again and again. */
export function createSource(site: Site, selection: Selection): Source {
  const { name, labels } = selection
  checkSelector(name, labels)
  const describe = describeSelector(name, labels)
  return {
    describe,
    about: ownersOf(site.url),
    look: (signal) =>
      sense({ kind: 'series', name: describe }, async () => selectFrom(await site.fetch(signal), selection)),
  }
}

/** The same series, each with the value 1. None is 0 where the name is known, or where there were some at an earlier look. */
export function countSeries(source: Source): Source {
  let met = false
  return {
    ...source,
    vanishes: true,
    look: (signal) => sense({ kind: 'series', name: `series of ${source.describe}` }, () => look(signal)),
  }

  async function look(signal?: AbortSignal): Promise<Snapshot> {
    const snapshot = await source.look(signal)
    const { none, began, ended } = snapshot
    if (none === undefined) met = true
    const series = snapshot.series.map((one) => ({ ...one, value: 1 }))
    const counted = { series, began, ended, rises: false }
    return none === undefined || none.known || met ? counted : { ...counted, none }
  }
}
