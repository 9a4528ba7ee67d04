import type {
  Dialect,
  Exposition,
  Family,
  Labels,
  Metadata,
  Metric,
  MetricType,
  Sample,
} from './exposition.ts'
import { keyLabels } from './family-key.ts'

type Suffixes = Readonly<Record<MetricType, readonly string[]>>

const PLAIN = ['']
/** The names of a family's samples are its own name with these endings. */
const SUFFIXES: Readonly<Record<Dialect, Suffixes>> = {
  text: {
    counter: PLAIN,
    gauge: PLAIN,
    histogram: ['_bucket', '_count', '_sum'],
    gaugehistogram: ['_bucket', '_gcount', '_gsum', '_count', '_sum'],
    summary: ['', '_count', '_sum'],
    info: PLAIN,
    stateset: PLAIN,
    unknown: PLAIN,
  },
  openmetrics: {
    counter: ['_total', '_created'],
    gauge: PLAIN,
    histogram: ['_bucket', '_count', '_sum', '_created'],
    gaugehistogram: ['_bucket', '_gcount', '_gsum'],
    summary: ['', '_count', '_sum', '_created'],
    info: ['_info'],
    stateset: PLAIN,
    unknown: PLAIN,
  },
}

/** The endings that the sample names of a type may have, '' for the family's own name. */
export function suffixesOf(type: MetricType, dialect: Dialect): readonly string[] {
  return SUFFIXES[dialect][type]
}

/** All lines by family, in the order of each family's first line. A sample whose name no TYPE explains is a family of its own. */
export function groupFamilies(
  exposition: Pick<Exposition, 'dialect' | 'samples' | 'metadata'>,
): readonly Family[] {
  const { samples, metadata } = exposition
  const familyOf = createResolver(exposition)
  const groups = new Map<string, { samples: Sample[]; metadata: Metadata[] }>()
  for (const line of inOrder(samples, metadata)) {
    const name = 'kind' in line ? line.family : familyOf(line.name)
    const group = groups.get(name) ?? { samples: [], metadata: [] }
    groups.set(name, group)
    if ('kind' in line) group.metadata.push(line)
    else group.samples.push(line)
  }
  return [...groups].map(([name, group]) => ({ name, ...describe(group.metadata), ...group }))
}

/** Which family a sample belongs to, by its name: the TYPE of that very name, else of the name without its ending. */
export function createResolver(
  exposition: Pick<Exposition, 'dialect' | 'metadata'>,
): (sample: string) => string {
  const types = new Map<string, MetricType>()
  for (const line of exposition.metadata) {
    if (line.kind === 'type' && !types.has(line.family)) types.set(line.family, line.type)
  }
  const resolved = new Map<string, string>()
  return (sample) => {
    const family = resolved.get(sample) ?? resolveFamily(sample, types, exposition.dialect)
    resolved.set(sample, family)
    return family
  }
}

/** Samples and metadata together, by line. */
export function* inOrder(
  samples: readonly Sample[],
  metadata: readonly Metadata[],
): Generator<Sample | Metadata> {
  let next = 0
  for (const sample of samples) {
    for (let line = metadata[next]; line !== undefined && line.line < sample.line; line = metadata[next]) {
      yield line
      next += 1
    }
    yield sample
  }
  yield* metadata.slice(next)
}

/** The samples of a family by label set, without the label that tells its parts apart (`le`, `quantile`, a state's). */
export function groupMetrics(family: Family): readonly Metric[] {
  const own = ownLabel(family)
  const groups = new Map<string, { labels: Labels; samples: Sample[] }>()
  for (const sample of family.samples) {
    const key = keyLabels(sample.labels, own)
    const group = groups.get(key) ?? { labels: without(sample.labels, own), samples: [] }
    groups.set(key, group)
    group.samples.push(sample)
  }
  return [...groups.values()]
}

/** The label that tells the samples of one metric apart; '' when the type has none. */
export function ownLabel(family: Pick<Family, 'name' | 'type'>): string {
  if (family.type === 'histogram' || family.type === 'gaugehistogram') return 'le'
  if (family.type === 'summary') return 'quantile'
  return family.type === 'stateset' ? family.name : ''
}

function resolveFamily(sample: string, types: ReadonlyMap<string, MetricType>, dialect: Dialect): string {
  if (types.has(sample)) return sample
  const cut = sample.lastIndexOf('_')
  if (cut <= 0) return sample
  const base = sample.slice(0, cut)
  const type = types.get(base)
  return type !== undefined && suffixesOf(type, dialect).includes(sample.slice(cut)) ? base : sample
}

function without(labels: Labels, name: string): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => label !== name))
}

function describe(metadata: readonly Metadata[]): Pick<Family, 'type' | 'help' | 'unit'> {
  const type = metadata.find((line) => line.kind === 'type')
  const help = metadata.find((line) => line.kind === 'help')
  const unit = metadata.find((line) => line.kind === 'unit')
  return {
    type: type?.type ?? 'unknown',
    ...(help === undefined ? {} : { help: help.help }),
    ...(unit === undefined ? {} : { unit: unit.unit }),
  }
}
