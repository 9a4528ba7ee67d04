import type { Dialect, Exposition, ExpositionFinding, Family } from './exposition.ts'
import { findExemplarMistakes } from './validate-exemplar.ts'
import { findHistogramMistakes } from './validate-histogram.ts'
import { findMetadataMistakes, findNameClashes, findUnitMistakes } from './validate-metadata.ts'
import {
  findRepeatedSeries,
  findSplitFamilies,
  findSplitMetrics,
  findTimestampMistakes,
} from './validate-order.ts'
import { findLabelMistakes, findNameMistakes, findValueMistakes } from './validate-sample.ts'

type FamilyRule = (family: Family, dialect: Dialect) => Iterable<ExpositionFinding>

const IN_BOTH: readonly FamilyRule[] = [
  findMetadataMistakes,
  findRepeatedSeries,
  findNameMistakes,
  findLabelMistakes,
  findValueMistakes,
  findHistogramMistakes,
]
const IN_OPENMETRICS: readonly FamilyRule[] = [
  findUnitMistakes,
  findSplitMetrics,
  findTimestampMistakes,
  findExemplarMistakes,
]

/** What a text that could be read says wrongly, by line; empty when nothing. OpenMetrics has more rules than classic text. */
export function validate(exposition: Exposition): readonly ExpositionFinding[] {
  const { dialect, families, tolerated } = exposition
  const rules = dialect === 'text' ? IN_BOTH : [...IN_BOTH, ...IN_OPENMETRICS]
  const findings = [...tolerated, ...findNameClashes(exposition), ...findSplitFamilies(exposition)]
  for (const family of families) {
    for (const rule of rules) {
      for (const finding of rule(family, dialect)) findings.push(finding)
    }
  }
  return findings.sort((left, right) => left.line - right.line)
}
