import type { Dialect, ExpositionFinding, ExpositionRule, Family, Sample } from './exposition.ts'
import { groupMetrics } from './family.ts'
import { keySeries, showSeries } from './family-key.ts'
import { toNumber } from './parse-number.ts'

interface Bucket {
  readonly limit: number
  readonly sample: Sample
}

/** The samples of one label set at one time. */
interface Point {
  readonly first: Sample
  readonly buckets: readonly Bucket[]
  readonly count: Sample | undefined
  readonly sum: Sample | undefined
}

type Told = Omit<ExpositionFinding, 'family'>

/** Buckets out of order, not cumulative, without +Inf or with another count, and sums and counts that are missing or not allowed. */
export function* findHistogramMistakes(family: Family, dialect: Dialect): Generator<ExpositionFinding> {
  if (family.type !== 'histogram' && family.type !== 'gaugehistogram') return
  for (const { samples } of groupMetrics(family)) {
    for (const point of splitPoints(family, samples)) {
      const findings = [
        ...checkBuckets(point),
        ...checkInfinity(point),
        ...checkParts(point, family, dialect),
      ]
      for (const finding of findings) yield { ...finding, family: family.name }
    }
  }
}

/** A histogram may be told for several times; a repeated series is told elsewhere and only looked at once. */
function splitPoints(family: Family, samples: readonly Sample[]): readonly Point[] {
  const points = new Map<number | undefined, Map<string, Sample>>()
  for (const sample of samples) {
    if (sample.name === family.name) continue
    const point = points.get(sample.timestamp) ?? new Map<string, Sample>()
    points.set(sample.timestamp, point)
    const key = keySeries(sample)
    if (!point.has(key)) point.set(key, sample)
  }
  return [...points.values()].flatMap((point) => describePoint(family, [...point.values()]))
}

function describePoint(family: Family, samples: readonly Sample[]): readonly Point[] {
  const endsWith = (...endings: string[]) =>
    samples.find(({ name }) => endings.includes(name.slice(family.name.length)))
  const [first] = samples
  if (first === undefined) return []
  const buckets = samples.flatMap((sample) => {
    const limit = sample.name === `${family.name}_bucket` ? toNumber(sample.labels['le'] ?? '') : undefined
    return limit === undefined ? [] : [{ limit, sample }]
  })
  return [{ first, buckets, count: endsWith('_count', '_gcount'), sum: endsWith('_sum', '_gsum') }]
}

function* checkBuckets({ buckets }: Point): Generator<Told> {
  const unordered = findDrop(buckets, ({ limit }, before) => limit <= before.limit)
  if (unordered !== undefined) {
    const { before, bucket } = unordered
    const message = `${showSeries(bucket.sample)} stands after le=${before.limit}: limits must rise`
    yield tell(bucket.sample, 'bucket-order', message)
  }
  const sorted = buckets.toSorted((left, right) => left.limit - right.limit)
  const fallen = findDrop(sorted, ({ sample }, before) => sample.value < before.sample.value)
  if (fallen === undefined) return
  const { before, bucket } = fallen
  const message = `${showSeries(bucket.sample)} is ${bucket.sample.value}, less than ${before.sample.value} at le=${before.limit}`
  yield tell(bucket.sample, 'bucket-not-cumulative', message)
}

function* checkInfinity({ first, buckets, count }: Point): Generator<Told> {
  const all = buckets.find(({ limit }) => limit === Number.POSITIVE_INFINITY)?.sample
  if (all === undefined) {
    yield tell(first, 'missing-inf-bucket', `${showSeries(first)}: its histogram has no bucket le="+Inf"`)
  } else if (count !== undefined && count.value !== all.value) {
    const message = `${showSeries(count)} is ${count.value}, but the bucket le="+Inf" is ${all.value}`
    yield tell(count, 'inf-bucket-not-count', message)
  }
}

/** Classic text wants count and sum, OpenMetrics both or none, and no sum that may have gone down. */
function* checkParts(point: Point, family: Family, dialect: Dialect): Generator<Told> {
  const { first, buckets, count, sum } = point
  const negative = dialect === 'openmetrics' && buckets.some(({ limit }) => limit < 0)
  if (count === undefined && (dialect === 'text' || sum !== undefined)) {
    yield tell(first, 'missing-count', `${showSeries(first)}: its histogram has no count`)
  }
  if (sum === undefined) {
    const wanted = dialect === 'text' || (count !== undefined && !negative)
    if (wanted) yield tell(first, 'missing-sum', `${showSeries(first)}: its histogram has no sum`)
    return
  }
  if (dialect === 'text') return
  if (family.type === 'histogram' && negative) {
    yield tell(sum, 'sum-not-allowed', `${showSeries(sum)}: a histogram with negative buckets has no sum`)
  }
  if (family.type === 'gaugehistogram' && (Number.isNaN(sum.value) || (sum.value < 0 && !negative))) {
    yield tell(sum, 'counter-value', `${showSeries(sum)} is ${sum.value}, without a negative bucket`)
  }
}

function findDrop(buckets: readonly Bucket[], drops: (bucket: Bucket, before: Bucket) => boolean) {
  for (const [index, bucket] of buckets.entries()) {
    const before = buckets[index - 1]
    if (before !== undefined && drops(bucket, before)) return { before, bucket }
  }
  return undefined
}

function tell(sample: Sample, rule: ExpositionRule, message: string): Told {
  return { rule, message, line: sample.line }
}
