import type { ExpositionFinding, Family, MetricType } from './exposition.ts'
import { showSeries } from './family-key.ts'

/** The samples that may carry an exemplar, by the ending of their name. */
const CARRIERS: Partial<Record<MetricType, string>> = {
  counter: '_total',
  histogram: '_bucket',
  gaugehistogram: '_bucket',
}
const LONGEST = 128

/** Exemplars where OpenMetrics 1.0 has none, and exemplars with more than 128 characters of labels. */
export function* findExemplarMistakes(family: Family): Generator<ExpositionFinding> {
  const carrier = CARRIERS[family.type]
  for (const sample of family.samples) {
    const { exemplar, line } = sample
    if (exemplar === undefined) continue
    if (carrier === undefined || sample.name !== family.name + carrier) {
      const message = `${showSeries(sample)} has an exemplar: only buckets and the _total of a counter may`
      yield { rule: 'exemplar-not-allowed', message, line, family: family.name }
    }
    const length = [...Object.entries(exemplar.labels).flat().join('')].length
    if (length <= LONGEST) continue
    const message = `the labels of the exemplar have ${length} characters, ${LONGEST} are allowed`
    yield { rule: 'exemplar-too-long', message, line, family: family.name }
  }
}
