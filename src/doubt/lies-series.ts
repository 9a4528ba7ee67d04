import { Failure } from '../error.ts'
import { keySeries } from '../metrics/family-key.ts'
import type { Series, Snapshot } from '../metrics/select-series.ts'
import { type Lie, lieAbout } from './lie.ts'
import { isRecord } from './lies-value.ts'

/** Series as they are. */
export const SERIES: readonly Lie[] = [
  aboutSeries({ name: 'zero', words: 'is zero', isConstant: true }, ({ series }) => setAll(series, () => 0)),
  aboutSeries({ name: 'one', words: 'is one', isConstant: true }, ({ series }) =>
    series.every(({ value }) => value === 0) ? oneOf(series) : series,
  ),
  aboutSeries({ name: 'doubled', words: 'is doubled' }, ({ series }) =>
    setAll(series, ({ value }) => 2 * value),
  ),
  gone('missing', 'is missing'),
  aboutSeries(
    { name: 'frozen', words: 'stays as it was first seen', isConstant: true },
    ({ series }, first) => (isSnapshot(first) ? first.series : series),
  ),
  aboutSeries({ name: 'label dropped', words: 'loses a label' }, ({ series }) => dropLabel(series)),
]

/** Series that are counted from a mark. */
export const COUNTED: readonly Lie[] = [
  sinceMark({ name: 'frozen', words: 'counts nothing more', isConstant: true }, (_, since) => since),
  sinceMark({ name: 'one more', words: 'counts one more' }, (now, since) =>
    isSame(now, since)
      ? now.map((one, index) => (index === 0 ? { ...one, value: one.value + 1 } : one))
      : now,
  ),
  sinceMark({ name: 'doubled', words: 'counts everything twice' }, (now, since) =>
    setAll(now, ({ key, value }) => 2 * value - (valueIn(since, key) ?? 0)),
  ),
  gone('missing', 'is missing'),
  sinceMark({ name: 'label dropped', words: 'loses a label' }, (now) => dropLabel(now)),
]

type About = Omit<Lie, 'tell'>

function aboutSeries(about: About, make: (snapshot: Snapshot, first: unknown) => readonly Series[]): Lie {
  return lieAbout(about, (value, { first }) => {
    if (!isSnapshot(value)) return undefined
    const series = make(value, first)
    if (isSame(series, value.series)) return undefined
    const { none: _, ...rest } = value
    return { ...rest, series }
  })
}

function sinceMark(
  about: About,
  make: (now: readonly Series[], since: readonly Series[]) => readonly Series[],
): Lie {
  return lieAbout(about, (value, { since }) => {
    if (!isSnapshot(value) || !isSnapshot(since)) return undefined
    const series = make(value.series, since.series)
    return isSame(series, value.series) ? undefined : { ...value, series }
  })
}

function gone(name: string, words: string): Lie {
  return lieAbout({ name, words, isConstant: true }, (value) => {
    if (!isSnapshot(value) || value.series.length === 0) return undefined
    const error = new Failure('not there yet (a doubt of --doubt)')
    return { ...value, series: [], none: { known: false, error } }
  })
}

function setAll(series: readonly Series[], value: (one: Series) => number): readonly Series[] {
  return series.map((one) => ({ ...one, value: value(one) }))
}

function oneOf(series: readonly Series[]): readonly Series[] {
  const [first] = series
  if (first !== undefined) return setAll(series, () => 1)
  return [{ key: 'doubt', name: 'doubt', labels: {}, value: 1 }]
}

/** As an exporter exposes them that does not know the label: what differed by it alone is one series. */
function dropLabel(series: readonly Series[]): readonly Series[] {
  const [first] = series
  const label = Object.keys(first?.labels ?? {}).at(-1)
  if (label === undefined) return series
  const merged = new Map<string, Series>()
  for (const one of series) {
    const { [label]: _, ...labels } = one.labels
    const key = keySeries({ ...one, labels, line: 0 })
    merged.set(key, { ...one, key, labels, value: one.value + (merged.get(key)?.value ?? 0) })
  }
  return [...merged.values()]
}

function valueIn(series: readonly Series[], key: string): number | undefined {
  return series.find((one) => one.key === key)?.value
}

function isSame(one: readonly Series[], other: readonly Series[]): boolean {
  if (one.length !== other.length) return false
  return one.every(({ key, value }) => Object.is(valueIn(other, key), value))
}

function isSnapshot(value: unknown): value is Snapshot {
  return isRecord(value) && Array.isArray(value['series']) && 'rises' in value
}
