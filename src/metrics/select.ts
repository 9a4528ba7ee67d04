import { UsageError } from '../error.ts'
import type { Labels } from './exposition.ts'

/** What a label must be: that text, a text in which the pattern is found, one of several. '' is also a missing label. */
export type LabelMatch = string | RegExp | readonly string[]

/** Which series of a name are meant: all that match every label named here. */
export type Selector = Readonly<Record<string, LabelMatch>>

/** A selection in the words of the formats: `http_requests_total{code=/5../,method="GET"}`. */
export function describeSelector(name: string, labels: Selector = {}): string {
  const pairs = Object.entries(labels).map(([label, match]) => `${label}=${describeMatch(match)}`)
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
}

/** Throws a UsageError for a selection that cannot mean what it says. */
export function checkSelector(name: string, labels: Selector = {}): void {
  if (name === '' || /[{}\s]/.test(name)) {
    throw new UsageError(`not the name of a metric: ${JSON.stringify(name)}`, {
      hint: "labels stand beside the name: ('requests_total', { method: 'GET' })",
    })
  }
  for (const [label, match] of Object.entries(labels)) {
    const fits = typeof match === 'string' || match instanceof RegExp || Array.isArray(match)
    if (!fits || (Array.isArray(match) && match.length === 0)) {
      throw new UsageError(`label ${label} of ${name} is matched with ${JSON.stringify(match)}`, {
        hint: 'match a label with a text, a RegExp or a list of texts',
      })
    }
  }
}

/** True when the labels match every part of the selector. */
export function matches(labels: Labels, selector: Selector): boolean {
  return Object.entries(selector).every(([label, match]) => matchesValue(labelOf(labels, label), match))
}

/** A label's value, '' where it is missing. */
export function labelOf(labels: Labels, label: string): string {
  return Object.hasOwn(labels, label) ? (labels[label] ?? '') : ''
}

/** The labels that a series must carry to match: not those for which a missing one would do. */
export function neededLabels(selector: Selector): readonly string[] {
  return Object.entries(selector)
    .filter(([, match]) => !matchesValue('', match))
    .map(([label]) => label)
}

function matchesValue(value: string, match: LabelMatch): boolean {
  if (typeof match === 'string') return value === match
  // A g or y flag would make the answer depend on the last one.
  if (match instanceof RegExp) return new RegExp(match, match.flags.replace(/[gy]/g, '')).test(value)
  return match.includes(value)
}

function describeMatch(match: LabelMatch): string {
  if (typeof match === 'string') return JSON.stringify(match)
  return match instanceof RegExp ? String(match) : match.map((one) => JSON.stringify(one)).join('|')
}
