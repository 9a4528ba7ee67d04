import type { Dialect, ExpositionFinding, ExpositionRule, Family, MetricType, Sample } from './exposition.ts'
import { ownLabel, suffixesOf } from './family.ts'
import { showSeries } from './family-key.ts'
import { toNumber } from './parse-number.ts'

type Endings = Partial<Record<MetricType, readonly string[]>>

/** What only counts up from 0. Classic text says nothing about sums: Prometheus' own clients expose negative ones. */
const COUNTING: Readonly<Record<Dialect, Endings>> = {
  text: {
    counter: [''],
    histogram: ['_bucket', '_count'],
    gaugehistogram: ['_bucket', '_gcount', '_count'],
    summary: ['_count'],
  },
  openmetrics: {
    counter: ['_total'],
    histogram: ['_bucket', '_count', '_sum'],
    gaugehistogram: ['_bucket', '_gcount'],
    summary: ['', '_count', '_sum'],
  },
}
/** What counts events, one by one: classic text has histograms with fractions. */
const WHOLE: Readonly<Record<Dialect, Endings>> = {
  text: {},
  openmetrics: {
    histogram: ['_bucket', '_count'],
    gaugehistogram: ['_bucket', '_gcount'],
    summary: ['_count'],
  },
}

/** Samples with the bare name of a family whose type needs an ending. */
export function* findNameMistakes(family: Family, dialect: Dialect): Generator<ExpositionFinding> {
  const { name, type } = family
  const endings = suffixesOf(type, dialect)
  if (endings.includes('')) return
  const wrong = family.samples.find((sample) => sample.name === name)
  if (wrong === undefined) return
  const right = endings.map((ending) => name + ending).join(', ')
  yield tell({ family, sample: wrong }, 'sample-name', `${name} is of type ${type}, its samples are ${right}`)
}

/** A missing `le`, `quantile` or state, and values that they cannot have. */
export function* findLabelMistakes(family: Family, dialect: Dialect): Generator<ExpositionFinding> {
  const own = ownLabel(family)
  if (own === '') return
  const ending = own === 'le' ? '_bucket' : ''
  for (const sample of family.samples) {
    if (sample.name !== family.name + ending) continue
    const value = Object.hasOwn(sample.labels, own) ? sample.labels[own] : undefined
    if (value === undefined)
      yield tell({ family, sample }, 'missing-label', `${showSeries(sample)} lacks the label ${own}`)
    else if (family.type !== 'stateset' && !isLimit(own, value, dialect)) {
      const wanted = own === 'le' ? 'a number or +Inf' : 'a number from 0 to 1'
      yield tell(
        { family, sample },
        'label-value',
        `${own} is ${JSON.stringify(value)}: it must be ${wanted}`,
      )
    }
  }
}

/** Values that a type rules out: negative or fractional counts, an info other than 1, a state other than 0 and 1. */
export function* findValueMistakes(family: Family, dialect: Dialect): Generator<ExpositionFinding> {
  const { type, name, samples } = family
  const counting = COUNTING[dialect][type] ?? []
  const whole = WHOLE[dialect][type] ?? []
  for (const sample of samples) {
    const { value } = sample
    const ending = sample.name.slice(name.length)
    if (counting.includes(ending) && isNoCount(sample, family)) {
      yield tell(
        { family, sample },
        'counter-value',
        `${showSeries(sample)} is ${value}: it must be 0 or more`,
      )
    } else if (whole.includes(ending) && !Number.isInteger(value)) {
      yield tell(
        { family, sample },
        'fractional-count',
        `${showSeries(sample)} is ${value}: it must be a whole number`,
      )
    }
    if (type === 'info' && value !== 1)
      yield tell({ family, sample }, 'info-value', `${showSeries(sample)} is ${value}, not 1`)
    if (type === 'stateset' && value !== 0 && value !== 1) {
      yield tell({ family, sample }, 'state-value', `${showSeries(sample)} is ${value}, neither 0 nor 1`)
    }
  }
}

/** A quantile of nothing is NaN; anything else that counts is not. */
function isNoCount({ value, name }: Sample, family: Family): boolean {
  if (Number.isNaN(value)) return !(family.type === 'summary' && name === family.name)
  return value < 0
}

function isLimit(label: string, text: string, dialect: Dialect): boolean {
  const limit = toNumber(text)
  if (limit === undefined || Number.isNaN(limit)) return false
  if (label === 'quantile') return limit >= 0 && limit <= 1
  return limit !== Number.POSITIVE_INFINITY || text === '+Inf' || dialect === 'text'
}

function tell(
  { family, sample }: { family: Family; sample: Sample },
  rule: ExpositionRule,
  message: string,
): ExpositionFinding {
  return { rule, message, line: sample.line, family: family.name }
}
