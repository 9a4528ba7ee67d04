import { describeWord, type Reference, render, type Viewer } from '../reference.ts'
import { poll } from '../wait/poll.ts'
import { own, type Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import type { Labels } from './exposition.ts'
import type { Metered } from './metrics.ts'
import type { PromqlApi } from './promql-api.ts'
import { part, readVector, toLabels } from './promql-result.ts'
import { createUnread } from './select-unread.ts'

/** What Prometheus scrapes: something with metrics, or the whole address of a page of metrics. */
export type Target = Metered | Reference<string> | string

/** A target as Prometheus sees it. Times are in milliseconds since 1970. */
interface ActiveTarget {
  readonly url: string
  readonly labels: Labels
  readonly health: string
  readonly lastScrape: number
  readonly lastError: string
}

/** How long one look waits for a scrape that began after it; a claim looks again. */
const LOOK = 1000

/** `up` or `down`, by a scrape that began after the look did: what was scraped before says nothing about now. */
export function createTargetReading(api: PromqlApi, target: Target, viewer: Viewer): Reading<'up' | 'down'> {
  const address = addressOf(target)
  let since: number | undefined
  let error = ''
  const describe = `target ${describeWord(address)}`
  const look = async (signal?: AbortSignal) => {
    since ??= await askTime(api, signal)
    const found = await awaitScrape(api, { url: render(address, viewer), since }, signal)
    since = undefined
    error = found
      .map(({ lastError }) => lastError)
      .filter(Boolean)
      .join(', ')
    return found.every(({ health }) => health === 'up') ? 'up' : 'down'
  }
  return {
    describe,
    about: api.owners,
    phrasing: {
      failed: 'target not as expected',
      looked: String,
      seen: (health) => [health, error].filter(Boolean).join(': '),
    },
    read: (signal) => sense({ kind: 'health', name: describe }, () => look(signal)),
    // A claim begins here: what an earlier one had been waiting for is too old for it.
    [own]() {
      since = undefined
    },
  }
}

/** When the target's newest sample was scraped, in milliseconds since 1970: `timestamp(up{…})`. */
export function createScrapeTime(api: PromqlApi, target: Target, viewer: Viewer): Reading<number> {
  const address = addressOf(target)
  const describe = `last scrape of ${describeWord(address)}`
  const look = async (signal?: AbortSignal) => {
    const found = await findTargets(api, render(address, viewer), signal)
    const times = await Promise.all(found.map(({ labels }) => askScrapeTime(api, labels, signal)))
    return Math.min(...times)
  }
  return {
    describe,
    about: api.owners,
    phrasing: {
      failed: 'not scraped as expected',
      looked: (time) => (typeof time === 'number' ? new Date(time).toISOString().slice(11) : String(time)),
      seen: (time) =>
        typeof time === 'number' ? `${time}  (${new Date(time).toISOString()})` : String(time),
    },
    read: (signal) => sense({ kind: 'time', name: describe }, () => look(signal)),
  }
}

/** Rejects until the newest sample of every target was scraped at that moment or later. */
export async function requireScrapesSince(
  api: PromqlApi,
  since: number,
  signal?: AbortSignal,
): Promise<void> {
  const query = 'timestamp(up) * 1000'
  const samples = readVector(await api.get('query', { query }, signal), query)
  if (samples.length === 0) throw createUnread('no target was scraped yet', [])
  const late = samples.filter(({ value }) => value < since)
  if (late.length === 0) return
  throw createUnread(
    `not every target was scraped since ${new Date(since).toISOString()}`,
    late.map(({ labels, value }) => `${labels['instance']} was scraped at ${new Date(value).toISOString()}`),
  )
}

function addressOf(target: Target): Reference<string> | string {
  if (typeof target === 'string') return target
  return 'metrics' in target ? target.metrics.url : target
}

/** The clock of Prometheus itself: its scrapes are compared with it, whatever the clock says here. */
async function askTime(api: PromqlApi, signal?: AbortSignal): Promise<number> {
  const [now] = readVector(await api.get('query', { query: 'time()' }, signal), 'time()')
  return (now?.value ?? Number.NaN) * 1000
}

async function awaitScrape(
  api: PromqlApi,
  wanted: { readonly url: string; readonly since: number },
  signal?: AbortSignal,
): Promise<readonly ActiveTarget[]> {
  await findTargets(api, wanted.url, signal) // one that is not there at all is told at once
  const waited = await poll((during) => findTargets(api, wanted.url, during), {
    what: `a scrape of ${wanted.url}`,
    within: LOOK,
    signal,
    // Times are cut to milliseconds: a scrape of the same one may have begun before.
    judge: (found) => ({ met: found.every(({ lastScrape }) => lastScrape > wanted.since) }),
  })
  if (waited.ended === 'met' && waited.value !== undefined) return waited.value
  if (waited.error !== undefined) throw waited.error
  const [last] = waited.value ?? []
  throw createUnread(`not scraped since this claim began: ${wanted.url}`, [
    last === undefined || last.lastScrape <= 0
      ? 'never scraped yet'
      : `last scraped ${new Date(last.lastScrape).toISOString()}, ${last.health}`,
    ...[last?.lastError || []].flat(),
  ])
}

async function findTargets(
  api: PromqlApi,
  wanted: string,
  signal?: AbortSignal,
): Promise<readonly ActiveTarget[]> {
  const list = part(await api.get('targets', { state: 'active' }, signal), 'activeTargets')
  const targets = Array.isArray(list) ? list.map(toTarget) : []
  const found = targets.filter(({ url }) => isSamePage(url, wanted))
  if (found.length > 0) return found
  const known = targets.map(({ url, health }) => `${url} (${health})`)
  throw createUnread(
    `no such target: ${wanted}`,
    known.length === 0 ? ['there are no targets yet'] : ['there is:', ...known],
  )
}

function toTarget(item: unknown): ActiveTarget {
  return {
    url: String(part(item, 'scrapeUrl')),
    labels: toLabels(part(item, 'labels')),
    health: String(part(item, 'health')),
    lastScrape: Date.parse(String(part(item, 'lastScrape'))),
    lastError: String(part(item, 'lastError') ?? ''),
  }
}

/** The same page, or the same host and port where only those are given. */
function isSamePage(url: string, wanted: string): boolean {
  const [is, should] = [new URL(url), new URL(/^https?:/.test(wanted) ? wanted : `http://${wanted}`)]
  return is.host === should.host && (should.pathname === '/' || is.pathname === should.pathname)
}

async function askScrapeTime(api: PromqlApi, labels: Labels, signal?: AbortSignal): Promise<number> {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  const query = `timestamp(up{${pairs.join(',')}}) * 1000`
  const [newest] = readVector(await api.get('query', { query }, signal), query)
  if (newest !== undefined) return Math.round(newest.value)
  throw createUnread(`never scraped yet: up{${pairs.join(',')}}`, [])
}
