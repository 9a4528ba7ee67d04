import { Failure, UsageError } from '../error.ts'
import type { Labels } from './exposition.ts'

/** A value at a time, in milliseconds since 1970. */
export interface Point {
  readonly time: number
  readonly value: number
}

/** One series of an instant query. `time` is when the expression was evaluated, not when the target was scraped. */
export interface VectorSample extends Point {
  /** With `__name__`, where the result has one. */
  readonly labels: Labels
}

/** One series over time. */
export interface Line {
  readonly labels: Labels
  readonly points: readonly Point[]
}

/** The vector in the `data` of an answer; a scalar is a vector of one without labels. */
export function readVector(data: unknown, promql: string): readonly VectorSample[] {
  const { type, result } = readResult(data)
  if (type === 'vector' && Array.isArray(result)) {
    return result.map((item) => ({ labels: readLabels(item), ...readPoint(part(item, 'value')) }))
  }
  if (type === 'scalar') return [{ labels: {}, ...readPoint(result) }]
  throw new UsageError(`gives a ${type}, not a number: ${promql}`, {
    hint:
      type === 'matrix'
        ? 'use points(…) for all samples, or a function over them: rate(…), count_over_time(…)'
        : 'ask for a number',
  })
}

/** The lines in the `data` of an answer. */
export function readMatrix(data: unknown, promql: string): readonly Line[] {
  const { type, result } = readResult(data)
  if (type !== 'matrix' || !Array.isArray(result)) {
    throw new UsageError(`gives a ${type}, not samples over time: ${promql}`, {
      hint: 'points(…) takes a plain selector: up{job="app"}',
    })
  }
  return result.map((item) => ({ labels: readLabels(item), points: readPoints(part(item, 'values')) }))
}

/** Names to texts, as Prometheus writes label sets. */
export function toLabels(value: unknown): Labels {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
}

/** A part of an object that came as JSON; undefined where there is none. */
export function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** Numbers as Prometheus writes them: `+Inf`, `-Inf`, `NaN` and decimals. */
export function toValue(text: unknown): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  return typeof text === 'string' && text !== '' ? Number(text) : Number.NaN
}

function readResult(data: unknown): { readonly type: string; readonly result: unknown } {
  const type = part(data, 'resultType')
  if (typeof type === 'string') return { type, result: part(data, 'result') }
  throw new Failure('not an answer of Prometheus: no resultType')
}

function readLabels(item: unknown): Labels {
  return toLabels(part(item, 'metric'))
}

function readPoints(values: unknown): readonly Point[] {
  return Array.isArray(values) ? values.map(readPoint) : []
}

function readPoint(pair: unknown): Point {
  if (!Array.isArray(pair))
    throw new Failure('not an answer of Prometheus: no value', { hint: 'native histograms have none' })
  const [seconds, text]: readonly unknown[] = pair
  return { time: Math.round(Number(seconds) * 1000), value: toValue(text) }
}
