import fc from 'fast-check'
import type { Dialect, Exemplar, Labels, Metadata, MetricType, Sample } from '../../src/metrics/exposition.ts'

/** One line as data, and what separates its parts where the dialect leaves a choice. */
export interface Written {
  readonly entry: Omit<Sample, 'line'> | MetadataEntry
  readonly gap: string
  readonly comma: string
  readonly quoteNames: boolean
}

type MetadataEntry = Metadata extends infer Each ? (Each extends unknown ? Omit<Each, 'line'> : never) : never

const BARE_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const BARE_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const CLASSIC_WORDS: Partial<Record<MetricType, string>> = { unknown: 'untyped' }
const PLAIN = { noNullPrototype: true }
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'unknown'] as const

/** Lines of any names, labels and numbers that the dialect can say. */
export function lines(dialect: Dialect): fc.Arbitrary<readonly Written[]> {
  const entry = fc.oneof(
    { weight: 4, arbitrary: sample(dialect) },
    { weight: 1, arbitrary: metadata(dialect) },
  )
  const written = fc.record({
    entry,
    gap: dialect === 'text' ? fc.constantFrom(' ', ' ', '\t', '  ') : fc.constant(' '),
    comma: dialect === 'text' ? fc.constantFrom(',', ', ', ' ,', '\t, ') : fc.constant(','),
    quoteNames: fc.boolean(),
  })
  return fc.array(written, { maxLength: 12 })
}

/** The text of some lines. */
export function write(dialect: Dialect, written: readonly Written[]): string {
  const texts = written.map((each) => `${writeLine(dialect, each)}\n`)
  return `${texts.join('')}${dialect === 'text' ? '' : '# EOF\n'}`
}

function writeLine(dialect: Dialect, written: Written): string {
  const { entry, gap } = written
  if (!('kind' in entry)) return writeSample(dialect, entry, written)
  const family = writeName(entry.family, BARE_METRIC, written)
  if (entry.kind === 'help')
    return `# HELP ${family} ${entry.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`
  if (entry.kind === 'unit') return `# UNIT ${family} ${entry.unit}`
  const word = dialect === 'text' ? (CLASSIC_WORDS[entry.type] ?? entry.type) : entry.type
  return `#${gap}TYPE${gap}${family} ${word}`
}

function writeSample(dialect: Dialect, sample: Omit<Sample, 'line'>, written: Written): string {
  const { gap } = written
  const { timestamp } = sample
  const time = timestamp === undefined ? '' : gap + writeTime(dialect, timestamp)
  const exemplar = sample.exemplar === undefined ? '' : ` # ${writeExemplar(sample.exemplar, written)}`
  return `${writeSeries(sample, written)}${gap}${writeNumber(sample.value)}${time}${exemplar}`
}

function writeSeries({ name, labels }: Pick<Sample, 'name' | 'labels'>, written: Written): string {
  const pairs = writeLabels(labels, written)
  if (BARE_METRIC.test(name) && !written.quoteNames)
    return pairs.length === 0 ? name : `${name}{${pairs.join(written.comma)}}`
  return `{${[quote(name), ...pairs].join(written.comma)}}`
}

function writeExemplar({ labels, value, timestamp }: Exemplar, written: Written): string {
  const time = timestamp === undefined ? '' : ` ${writeNumber(timestamp)}`
  return `{${writeLabels(labels, written).join(',')}} ${writeNumber(value)}${time}`
}

function writeLabels(labels: Labels, written: Written): readonly string[] {
  return Object.entries(labels).map(
    ([name, value]) => `${writeName(name, BARE_LABEL, written)}=${quote(value)}`,
  )
}

function writeName(name: string, bare: RegExp, { quoteNames }: Written): string {
  return bare.test(name) && !quoteNames ? name : quote(name)
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

/** Milliseconds are whole, but a second in a double is not always a thousandth of them. */
function writeTime(dialect: Dialect, seconds: number): string {
  return dialect === 'text' ? String(Math.round(seconds * 1000)) : writeNumber(seconds)
}

function writeNumber(value: number): string {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) || Number.isNaN(value) ? String(value) : `${value < 0 ? '-' : '+'}Inf`
}

function sample(dialect: Dialect): fc.Arbitrary<Omit<Sample, 'line'>> {
  const values = fc.oneof(fc.double(), fc.integer(), fc.nat(100), fc.constantFrom(0.1, 2.5, 1e21, -0))
  const seconds = fc.double({ noNaN: true, noDefaultInfinity: true })
  const timestamp = dialect === 'text' ? fc.nat(2 ** 45).map((milliseconds) => milliseconds / 1000) : seconds
  const base = { name: metricName(), labels: labels(), value: values }
  if (dialect === 'text')
    return fc.record(
      { ...base, timestamp },
      { requiredKeys: ['name', 'labels', 'value'], noNullPrototype: true },
    )
  const exemplar = fc.record(
    { labels: labels(), value: values, timestamp: seconds },
    { requiredKeys: ['labels', 'value'], noNullPrototype: true },
  )
  return fc.record(
    { ...base, timestamp, exemplar },
    { requiredKeys: ['name', 'labels', 'value'], noNullPrototype: true },
  )
}

function metadata(dialect: Dialect): fc.Arbitrary<MetadataEntry> {
  const family = metricName()
  const help = fc.record({
    kind: fc.constant('help' as const),
    family,
    help: text().map((each) => each.trimStart()),
  })
  const type = fc.record(
    { kind: fc.constant('type' as const), family, type: fc.constantFrom(...TYPES) },
    PLAIN,
  )
  const unit = fc.record({
    kind: fc.constant('unit' as const),
    family,
    unit: fc.stringMatching(/^[a-z_]{0,8}$/),
  })
  return dialect === 'text' ? fc.oneof(help, type) : fc.oneof(help, type, unit)
}

function labels(): fc.Arbitrary<Labels> {
  const bare = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,6}$/)
  const odd = fc.constantFrom('__proto__', 'constructor', 'le', 'toString', '1', 'a b')
  const name = fc
    .oneof({ weight: 4, arbitrary: bare }, odd, text())
    .filter((each) => each !== '' && each !== '__name__')
  return fc
    .uniqueArray(fc.tuple(name, text()), { selector: ([each]) => each, maxLength: 5 })
    .map((pairs): Labels => Object.fromEntries(pairs))
}

function metricName(): fc.Arbitrary<string> {
  const few = fc.constantFrom('a', 'a_total', 'b', 'a:b')
  return fc.oneof(
    few,
    fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/),
    text().filter((each) => each !== ''),
  )
}

/** Any UTF-8, with more of what the grammar is made of than chance would give. */
function text(): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom(...'{}",=#\\n \n\t'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  return fc.string({ unit, maxLength: 10 })
}
