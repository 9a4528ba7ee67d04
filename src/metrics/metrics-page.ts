import { type Period, period } from '../duration.ts'
import { loaderOf } from '../lazy.ts'
import { describeWord, ownersOf } from '../reference.ts'
import { show } from '../show.ts'
import type { Phrasing, Reading } from '../wait/reading.ts'
import { type Kind, sense } from '../wait/sense.ts'
import type { Exposition, ExpositionFinding, Family, Sample } from './exposition.ts'
import type { Site } from './metrics-source.ts'
import type { Page } from './scrape.ts'
import { checkSelector, describeSelector, labelOf, matches, type Selector } from './select.ts'
import { selectFrom } from './select-page.ts'
import { listSeries } from './select-series.ts'
import { createUnread } from './select-unread.ts'

const validate = loaderOf(import.meta.url).lazily<typeof import('./validate.ts')>('./validate')('validate')

/** What a page of metrics says besides numbers: each look fetches it anew. */
export interface PageReadings {
  /** The different values of a label, sorted; rejects where no series that matches has it. */
  labels(name: string, label: string, labels?: Selector): Reading<readonly string[]>
  /** The samples as they stand on the page, repeated ones too; rejects where there are none. */
  samples(name?: string, labels?: Selector): Reading<readonly Sample[]>
  families(): Reading<readonly Family[]>
  /** What the page says wrongly, though it can be read. A page without a series is never a good one. */
  findings(): Reading<readonly ExpositionFinding[]>
  exposition(): Reading<Exposition>
  text(): Reading<string>
  /** How long one fetch of the page takes, from the request to the last byte. */
  duration(): Reading<Period>
}

/** The readings of one page. */
export function createPageReadings(site: Site): PageReadings {
  const where = describeWord(site.url)
  const read = <T>(
    describe: string,
    take: (page: Page) => T,
    { phrasing = PLAIN, kind = 'page' }: { phrasing?: Phrasing; kind?: Kind } = {},
  ): Reading<T> => ({
    describe,
    about: ownersOf(site.url),
    phrasing,
    read: async (signal) => take(await sense({ kind, name: describe }, () => site.fetch(signal))),
  })
  return {
    labels(name, label, labels) {
      checkSelector(name, labels)
      const what = `values of ${label} of ${describeSelector(name, labels)}`
      return read(what, (page) => readLabel(samplesOf(page, name, labels), label))
    },
    samples(name, labels) {
      if (name === undefined) return read(`samples of ${where}`, allSamplesOf, { phrasing: SAMPLES })
      checkSelector(name, labels)
      const what = `samples of ${describeSelector(name, labels)}`
      return read(what, (page) => samplesOf(page, name, labels), { phrasing: SAMPLES })
    },
    families: () => read(`families of ${where}`, familiesOf, { phrasing: FAMILIES }),
    findings: () => read(`what is wrong in ${where}`, findingsOf, { phrasing: FINDINGS, kind: 'findings' }),
    exposition: () =>
      read(`exposition of ${where}`, ({ exposition }) => exposition, { phrasing: EXPOSITION }),
    text: () => read(`text of ${where}`, ({ text }) => text),
    duration: () =>
      read(`time to fetch ${where}`, ({ began, ended }) => period(ended - began), { kind: 'duration' }),
  }
}

function allSamplesOf(page: Page): readonly Sample[] {
  return refuseEmpty(page).exposition.samples
}

function familiesOf(page: Page): readonly Family[] {
  return refuseEmpty(page).exposition.families
}

function findingsOf(page: Page): readonly ExpositionFinding[] {
  return validate(refuseEmpty(page).exposition)
}

function samplesOf(page: Page, name: string, labels: Selector = {}): readonly Sample[] {
  const { none } = selectFrom(page, { name, labels, repeats: 'ignore' })
  if (none !== undefined) throw none.error
  return page.exposition.samples.filter((sample) => sample.name === name && matches(sample.labels, labels))
}

function readLabel(samples: readonly Sample[], label: string): readonly string[] {
  const values = new Set(samples.map((sample) => labelOf(sample.labels, label)))
  values.delete('')
  if (values.size === 0) throw createUnread(`no series has a label ${label}`, listSeries(samples))
  return [...values].toSorted()
}

function refuseEmpty(page: Page): Page {
  if (page.exposition.samples.length > 0) return page
  throw createUnread(`${page.url} has no series at all`, [])
}

/** The words of a list: how many while waiting, the items in the failure. */
function describeList<T>(
  nouns: readonly [one: string, many: string],
  items: (list: readonly T[]) => readonly string[],
): Phrasing {
  const LISTED = 10
  const count = ({ length }: readonly unknown[]) => `${length} ${nouns[length === 1 ? 0 : 1]}`
  return {
    failed: FAILED,
    looked: (value) => (Array.isArray(value) ? count(value) : show(value)),
    seen(value) {
      if (!Array.isArray(value)) return show(value)
      const lines = items(value.slice(0, LISTED))
      const more = value.length > LISTED ? [`and ${value.length - LISTED} more`] : []
      return [count(value), ...lines, ...more].join('\n')
    },
  }
}

function showFinding({ line, rule, message }: ExpositionFinding): string {
  return `line ${line}: ${message} (${rule})`
}

function describeExposition(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('samples' in value)) return show(value)
  const { samples } = value
  return Array.isArray(samples) ? `${samples.length} samples` : show(samples)
}

const FAILED = 'metrics not as expected'
const PLAIN: Phrasing = { failed: FAILED }
const EXPOSITION: Phrasing = { failed: FAILED, looked: describeExposition, seen: describeExposition }
const SAMPLES = describeList<Sample>(['sample', 'samples'], listSeries)
const FAMILIES = describeList<Family>(['family', 'families'], (list) => list.map(({ name }) => name))
const FINDINGS = describeList<ExpositionFinding>(['finding', 'findings'], (list) => list.map(showFinding))
