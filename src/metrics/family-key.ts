import type { Labels, Sample } from './exposition.ts'

const LONGEST = 200

/** The same text for the same label set, whatever the order; `except` is left out, and so is an empty label, which says nothing. */
export function keyLabels(labels: Labels, except = ''): string {
  const names = Object.keys(labels).filter((name) => name !== except && labels[name] !== '')
  if (names.length > 1) names.sort()
  let key = ''
  for (const name of names) {
    const value = labels[name] ?? ''
    key += `${name.length}:${name}${value.length}:${value}`
  }
  return key
}

/** The same text for samples of the same series: one name, one label set. */
export function keySeries(sample: Sample): string {
  return `${sample.name.length}:${sample.name}${keyLabels(sample.labels)}`
}

/** The series as it is written, labels in their order, cut when it is long. */
export function showSeries({ name, labels }: Sample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  const text = pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
