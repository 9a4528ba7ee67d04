import type { Failure } from '../error.ts'
import { nearest } from '../nearest.ts'
import type { Exposition, MetricType } from './exposition.ts'
import { createResolver, suffixesOf } from './family.ts'
import type { Page } from './scrape.ts'
import { describeSelector, labelOf, matches, neededLabels, type Selector } from './select.ts'
import { listSeries, type Repeats, type Snapshot, toSeries } from './select-series.ts'
import { createUnread } from './select-unread.ts'

/** Which series of a page are meant. */
export interface Selection {
  readonly name: string
  readonly labels?: Selector | undefined
  readonly repeats: Repeats
}

/** The selected series of a page; where there are none, why, and whether the name is there at all. */
export function selectFrom(page: Page, selection: Selection): Snapshot {
  const { exposition, began, ended } = page
  const { name, labels = {}, repeats } = selection
  const named = exposition.samples.filter((sample) => sample.name === name)
  const series = toSeries(
    named.filter((sample) => matches(sample.labels, labels)),
    repeats,
  )
  const snapshot = { series, began, ended, rises: canOnlyRise(exposition, name) }
  if (series.length > 0) return snapshot
  const unused = neededLabels(labels).filter(
    (label) => !named.some((sample) => labelOf(sample.labels, label) !== ''),
  )
  const known = named.length > 0 ? unused.length === 0 : isDeclared(exposition, name)
  return { ...snapshot, none: { known, error: tellMissing(page, selection, unused) } }
}

/** True for a counter or a part of a histogram that counts: by its TYPE, by its ending where it has none. */
export function canOnlyRise(exposition: Exposition, name: string): boolean {
  const type = typeOf(exposition, createResolver(exposition)(name))
  if (type === 'counter') return !name.endsWith('_created')
  if (type === 'histogram' || type === 'summary') return /_(bucket|count)$/.test(name)
  return type === 'unknown' && /_(total|bucket|count)$/.test(name)
}

function typeOf(exposition: Exposition, family: string): MetricType {
  const line = exposition.metadata.find((one) => one.kind === 'type' && one.family === family)
  return line?.kind === 'type' ? line.type : 'unknown'
}

/** True when a HELP or TYPE line announces the name, though it has no series yet. */
function isDeclared(exposition: Exposition, name: string): boolean {
  return exposition.metadata.some(({ family }) => {
    if (family === name) return true
    const suffixes = suffixesOf(typeOf(exposition, family), exposition.dialect)
    return suffixes.some((suffix) => family + suffix === name)
  })
}

function tellMissing(page: Page, selection: Selection, unused: readonly string[]): Failure {
  const { name, labels } = selection
  const title = `not there yet: ${describeSelector(name, labels)}`
  const named = page.exposition.samples.filter((sample) => sample.name === name)
  if (named.length > 0) {
    const used = new Set(named.flatMap((sample) => Object.keys(sample.labels)))
    const hints = unused.map((label) => hintLabel(label, used))
    return createUnread(title, ['of that name there is:', ...listSeries(named), ...hints])
  }
  const parts = partsOf(page.exposition, name)
  if (parts.length > 0) return createUnread(title, [`it is a family, its series are ${parts.join(', ')}`])
  if (isDeclared(page.exposition, name))
    return createUnread(title, ['its TYPE or HELP is there, but no series of it'])
  return createUnread(title, describeNames(page, name))
}

function hintLabel(label: string, used: ReadonlySet<string>): string {
  const near = nearest(label, used)
  return `none of them has a label ${label}${near === undefined ? '' : `: did you mean ${near}?`}`
}

function describeNames(page: Page, name: string): readonly string[] {
  const { exposition, url } = page
  const names = [...new Set(exposition.samples.map((sample) => sample.name))]
  if (names.length === 0) return [`${url} has no series at all`]
  const near = nearest(name, names)
  if (near !== undefined) return [`did you mean ${near}?`]
  const shown = names.slice(0, 10).join(', ')
  return [`${url} has: ${shown}${names.length > 10 ? ` and ${names.length - 10} more names` : ''}`]
}

function partsOf({ samples }: Exposition, family: string): readonly string[] {
  return ['_total', '_bucket', '_count', '_sum', '_info']
    .map((suffix) => family + suffix)
    .filter((part) => samples.some(({ name }) => name === part))
}
