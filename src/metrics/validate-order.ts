import type { Dialect, Exposition, ExpositionFinding, Family } from './exposition.ts'
import { createResolver, groupMetrics, inOrder, ownLabel } from './family.ts'
import { keyLabels, keySeries, showSeries } from './family-key.ts'

/** A family whose lines do not stand together; its first line that stands apart is told. */
export function* findSplitFamilies(exposition: Exposition): Generator<ExpositionFinding> {
  const familyOf = createResolver(exposition)
  const lastLines = new Map<string, number>()
  const opened = new Set<string>()
  const told = new Set<string>()
  let current = ''
  for (const line of inOrder(exposition.samples, exposition.metadata)) {
    const metadata = 'kind' in line
    const family = metadata ? line.family : familyOf(line.name)
    // Metadata behind the samples is late or repeated, which is told as such.
    if (metadata && opened.has(family)) continue
    const last = lastLines.get(family)
    if (family !== current && last !== undefined && !told.has(family)) {
      const message = `the lines of ${family} do not stand together: the last one was line ${last}`
      yield { rule: 'split-family', message, line: line.line, family }
      told.add(family)
    }
    if (!metadata) opened.add(family)
    lastLines.set(family, line.line)
    current = family
  }
}

/** A label set whose samples do not stand together within their family; the first one that stands apart is told. */
export function* findSplitMetrics(family: Family): Generator<ExpositionFinding> {
  const own = ownLabel(family)
  const seen = new Set<string>()
  let current: string | undefined
  for (const sample of family.samples) {
    const key = keyLabels(sample.labels, own)
    if (key !== current && seen.has(key)) {
      const message = `${showSeries(sample)} stands apart from the other samples of its label set`
      yield { rule: 'split-metric', message, line: sample.line, family: family.name }
      return
    }
    seen.add(key)
    current = key
  }
}

/** The same series twice. OpenMetrics allows it for samples with a timestamp, classic text never. */
export function* findRepeatedSeries(family: Family, dialect: Dialect): Generator<ExpositionFinding> {
  const seen = new Map<string, number>()
  for (const sample of family.samples) {
    if (dialect === 'openmetrics' && sample.timestamp !== undefined) continue
    const key = keySeries(sample)
    const before = seen.get(key)
    if (before === undefined) {
      seen.set(key, sample.line)
      continue
    }
    const message = `${showSeries(sample)} stands in line ${before} already`
    yield { rule: 'duplicate-series', message, line: sample.line, family: family.name }
  }
}

/** Within one label set timestamps are on all samples or on none, and never go back. */
export function* findTimestampMistakes(family: Family): Generator<ExpositionFinding> {
  for (const { samples } of groupMetrics(family)) {
    const [first, ...rest] = samples
    if (first === undefined) continue
    let last = first.timestamp
    for (const sample of rest) {
      const { timestamp, line } = sample
      if ((timestamp === undefined) !== (last === undefined)) {
        const message = `${showSeries(sample)}: only some samples of its label set have a timestamp`
        yield { rule: 'mixed-timestamps', message, line, family: family.name }
        break
      }
      if (timestamp !== undefined && last !== undefined && timestamp < last) {
        const message = `${showSeries(sample)}: time goes back from ${last} to ${timestamp}`
        yield { rule: 'timestamp-order', message, line, family: family.name }
      }
      last = timestamp
    }
  }
}
