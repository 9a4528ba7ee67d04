import { formatDuration } from '../../../duration.ts'
import type { Event, EventOf, Stamp } from '../../../event.ts'
import type { PageExchange, PageLoad } from '../model.ts'
import { cut } from './sample.ts'

type Where = Pick<Stamp, 'script' | 'scenario' | 'step'>

/** What was sent, in bounded memory. Times are milliseconds since 1970. */
export interface RequestStore {
  hear(event: Event): void
  readonly exchanges: readonly {
    readonly event: Where
    readonly exchange: Omit<PageExchange, 'script' | 'part'>
  }[]
  readonly loads: readonly { readonly event: Where; readonly load: Omit<PageLoad, 'script' | 'part'> }[]
  readonly omitted: number
}

const MOST = 20_000
const MOST_LOADS = 2000
const MOST_SLOTS = 300
const HOST = /^(?:\w+:\/\/)?([^/?#]+:\d+)/

/** Keeps the first 20,000 requests, and of loads what their summary says. */
export function createRequestStore(most: number = MOST): RequestStore {
  const exchanges: RequestStore['exchanges'][number][] = []
  const loads: RequestStore['loads'][number][] = []
  const owners = new Map<string, string>()
  let omitted = 0
  return {
    hear(event) {
      if (event.kind === 'service:started' || event.kind === 'service:ready') learn(owners, event)
      if (event.kind === 'exchange') {
        if (exchanges.length < most) exchanges.push(toExchange(event, owners))
        else omitted += 1
      }
      if (event.kind === 'traffic:end') {
        if (loads.length < MOST_LOADS) loads.push(toLoad(event, owners))
        else omitted += event.total
      }
    },
    exchanges,
    loads,
    get omitted() {
      return omitted
    },
  }
}

function learn(owners: Map<string, string>, event: EventOf<'service:started' | 'service:ready'>): void {
  owners.set(`${event.script}\n${event.service}`, event.service)
  for (const address of Object.values(event.endpoints)) {
    const host = HOST.exec(address)?.[1]
    if (host !== undefined) owners.set(`${event.script}\n${host}`, event.service)
  }
}

/** Whose address this is: by host and port, or by its name in the script, `app.url`. */
function ownerOf(owners: ReadonlyMap<string, string>, script: string, address: string): string | undefined {
  const host = HOST.exec(address)?.[1]
  return owners.get(`${script}\n${host}`) ?? owners.get(`${script}\n${address.split(/[./]/)[0]}`)
}

function whereOf({ script, scenario, step }: Stamp): Where {
  return { script, scenario, step }
}

function toExchange(
  event: EventOf<'exchange'>,
  owners: ReadonlyMap<string, string>,
): RequestStore['exchanges'][number] {
  const { method, url, status, error, milliseconds, time } = event
  const service = ownerOf(owners, event.script, url)
  const exchange = { method, url: cut(url, 500), status, error, service, from: time - milliseconds, to: time }
  return { event: whereOf(event), exchange }
}

function toLoad(
  event: EventOf<'traffic:end'>,
  owners: ReadonlyMap<string, string>,
): RequestStore['loads'][number] {
  const { what, time, seconds, crossed } = event
  const load = {
    what,
    service: ownerOf(owners, event.script, what),
    from: time - seconds * 1000,
    to: time,
    summary: summarize(event),
    crossed,
    series: thin(event.series),
  }
  return { event: whereOf(event), load }
}

function summarize(event: EventOf<'traffic:end'>): string {
  const { total, seconds, errors, late, byStatus, latency } = event
  const statuses = Object.entries(byStatus).map(([status, count]) => `${count} × ${status}`)
  const quantiles = Object.entries(latency).map(([name, value]) => `${name} ${formatDuration(value)}`)
  return [
    `${total} requests in ${formatDuration(seconds * 1000)}`,
    ...statuses,
    ...(errors > 0 ? [`${errors} errors`] : []),
    ...(late > 0 ? [`${late} sent late`] : []),
    ...quantiles,
  ].join(' · ')
}

/** Neighbouring slots become one until they are few: counts are added, the worst latency stays. */
function thin(series: readonly (readonly number[])[]): readonly (readonly number[])[] {
  if (series.length <= MOST_SLOTS) return series.map(roundRow)
  const size = Math.ceil(series.length / MOST_SLOTS)
  const merged: (readonly number[])[] = []
  for (let from = 0; from < series.length; from += size) merged.push(merge(series.slice(from, from + size)))
  return merged.map(roundRow)
}

function merge(rows: readonly (readonly number[])[]): readonly number[] {
  const sum = (column: number) => rows.reduce((total, row) => total + (row[column] ?? 0), 0)
  const worst = Math.max(...rows.map((row) => row[4] ?? 0))
  return [rows[0]?.[0] ?? 0, sum(1), sum(2), sum(3), worst]
}

function roundRow(row: readonly number[]): readonly number[] {
  return row.map((value) => Math.round(value * 10) / 10)
}
