import { type Period, period } from '../duration.ts'
import { describeWord, ownersOf } from '../reference.ts'
import { show } from '../show.ts'
import type { Phrasing, Reading } from '../wait/reading.ts'
import type { Exposition, ExpositionFinding, Family, Sample } from './exposition.ts'
import type { Site } from './metrics-source.ts'
import type { Page } from './scrape.ts'
import { checkSelector, describeSelector, labelOf, matches, type Selector } from './select.ts'
import { selectFrom } from './select-page.ts'
import { listSeries } from './select-series.ts'
import { createUnread } from './select-unread.ts'
import { validate } from './validate.ts'

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
  return {
    labels: (name, label, labels) =>
      createReading(site, `values of ${label} of ${describeSelector(name, labels)}`, (page) =>
        readLabel(samplesOf(page, name, labels), label),
      ),
    samples: (name, labels) =>
      createReading(
        site,
        `samples of ${name === undefined ? where : describeSelector(name, labels)}`,
        (page) => samplesOf(page, name, labels),
        describeList<Sample>(['sample', 'samples'], listSeries),
      ),
    families: () =>
      createReading(
        site,
        `families of ${where}`,
        (page) => refuseEmpty(page).exposition.families,
        describeList<Family>(['family', 'families'], (families) => families.map(({ name }) => name)),
      ),
    findings: () =>
      createReading(
        site,
        `what is wrong in ${where}`,
        (page) => validate(refuseEmpty(page).exposition),
        describeList<ExpositionFinding>(['finding', 'findings'], (findings) => findings.map(showFinding)),
      ),
    exposition: () =>
      createReading(site, `exposition of ${where}`, (page) => page.exposition, {
        failed: 'metrics not as expected',
        looked: describeExposition,
        seen: describeExposition,
      }),
    text: () => createReading(site, `text of ${where}`, (page) => page.text),
    duration: () =>
      createReading(site, `time to fetch ${where}`, ({ began, ended }) => period(ended - began)),
  }
}

function createReading<T>(
  site: Site,
  describe: string,
  take: (page: Page) => T,
  phrasing: Phrasing = { failed: 'metrics not as expected' },
): Reading<T> {
  return {
    describe,
    about: ownersOf(site.url),
    phrasing,
    read: async (signal) => take(await site.fetch(signal)),
  }
}

function samplesOf(page: Page, name: string | undefined, labels: Selector = {}): readonly Sample[] {
  if (name === undefined) return refuseEmpty(page).exposition.samples
  checkSelector(name, labels)
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
    failed: 'metrics not as expected',
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
