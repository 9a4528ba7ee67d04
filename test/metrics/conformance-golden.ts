import type { Exposition, Family, Labels, Sample } from '../../src/metrics/exposition.ts'
import type {
  GoldenEntry,
  GoldenFamily,
  GoldenNumber,
  GoldenSample,
  GoldenTime,
} from './conformance-suites.ts'

type Plain = Omit<Sample, 'line'>

/** Our families in the form of client_python, which renames the counters of classic text. */
export function toGoldenForm(exposition: Exposition): readonly object[] {
  return exposition.families.map((family) => {
    const renamed = exposition.dialect === 'text' && family.type === 'counter'
    return {
      name: renamed ? family.name.replace(/_total$/, '') : family.name,
      type: family.type,
      help: family.help ?? '',
      unit: family.unit ?? '',
      samples: family.samples.map((sample) => (renamed ? withTotal(sample, family) : withoutLine(sample))),
    }
  })
}

/** The golden families as ours are written; a family that was given in pieces is joined, as ours are. */
export function fromGolden(families: readonly GoldenFamily[]): readonly object[] {
  const joined = new Map<string, Plain[]>()
  const result: object[] = []
  for (const { name, type, help, unit, samples } of families) {
    const key = `${type} ${name}`
    const before = joined.get(key)
    const plain = samples.map(plainSample)
    if (before !== undefined) before.push(...plain)
    else result.push({ name, type, help, unit, samples: plain })
    joined.set(key, before ?? plain)
  }
  return result
}

/** Both sides flat, in file order. */
export function flatten(exposition: Exposition): readonly Plain[] {
  return exposition.samples.map(withoutLine)
}

export function flattenGolden(families: readonly GoldenFamily[]): readonly Plain[] {
  return families.flatMap(({ samples }) => samples.map(plainSample))
}

/** Our lines in the form of Prometheus' own tests: metadata and series in file order, `_created` left out as there. */
export function toEntries(exposition: Exposition): readonly object[] {
  const created = new Set(
    exposition.families
      .filter(({ type }) => type !== 'gauge')
      .flatMap(({ name, samples }) => samples.filter((sample) => sample.name === `${name}_created`)),
  )
  const samples = exposition.samples.filter((sample) => !created.has(sample))
  const lines = [...samples, ...exposition.metadata].sort((left, right) => left.line - right.line)
  return lines.map((line) => {
    if (!('kind' in line)) return { ...withoutLine(line), labels: withFractions(line.labels) }
    if (line.kind === 'help') return { m: line.family, help: line.help }
    return line.kind === 'type' ? { m: line.family, type: line.type } : { m: line.family, unit: line.unit }
  })
}

/** Prometheus' entries as ours. */
export function fromEntries(entries: readonly GoldenEntry[]): readonly object[] {
  return entries
    .filter((entry) => entry.comment === undefined)
    .map((entry) => {
      if (entry.labels === undefined) return entry.type === 'untyped' ? { ...entry, type: 'unknown' } : entry
      const { __name__: name = '', ...labels } = entry.labels
      const [exemplar] = entry.exemplars ?? []
      return {
        name,
        labels: withFractions(labels),
        value: toNumber(entry.value ?? '0'),
        ...seconds(entry.timestamp_ms),
        ...(exemplar === undefined
          ? {}
          : {
              exemplar: {
                labels: exemplar.labels,
                value: toNumber(exemplar.value),
                ...seconds(exemplar.timestamp_ms),
              },
            }),
      }
    })
}

/** Prometheus 3 writes the limits 1 and 0 as 1.0 and 0.0. */
function withFractions(labels: Labels): Labels {
  const rewritten = Object.entries(labels).map(([name, value]) => {
    const limit = name === 'le' || name === 'quantile'
    return [name, limit && /^\d+$/.test(value) ? `${value}.0` : value]
  })
  return Object.fromEntries(rewritten)
}

function withTotal(sample: Sample, family: Family): Plain {
  return {
    ...withoutLine(sample),
    name: family.name.endsWith('_total') ? sample.name : `${sample.name}_total`,
  }
}

function withoutLine({ line: _, ...sample }: Sample): Plain {
  const { timestamp, exemplar } = sample
  return {
    ...sample,
    ...round(timestamp),
    ...(exemplar === undefined ? {} : { exemplar: { ...exemplar, ...round(exemplar.timestamp) } }),
  }
}

function plainSample({ name, labels, value, timestamp, exemplar }: GoldenSample): Plain {
  return {
    name,
    labels,
    value: toNumber(value ?? Number.NaN),
    ...time(timestamp),
    ...(exemplar === undefined
      ? {}
      : {
          exemplar: { labels: exemplar.labels, value: toNumber(exemplar.value), ...time(exemplar.timestamp) },
        }),
  }
}

function time(golden: GoldenTime | undefined): { timestamp?: number } {
  if (golden === null || golden === undefined) return {}
  return round(typeof golden === 'number' ? golden : golden.sec + golden.nsec / 1e9)
}

/** The suites cut times to nanoseconds or milliseconds and add them up, so the last digits differ. */
function round(timestamp: number | undefined): { timestamp?: number } {
  return timestamp === undefined ? {} : { timestamp: Number(timestamp.toFixed(6)) }
}

function seconds(milliseconds: string | undefined): { timestamp?: number } {
  return milliseconds === undefined ? {} : { timestamp: Number(milliseconds) / 1000 }
}

function toNumber(golden: GoldenNumber): number {
  if (golden === '+Inf') return Number.POSITIVE_INFINITY
  return golden === '-Inf' ? Number.NEGATIVE_INFINITY : Number(golden)
}
