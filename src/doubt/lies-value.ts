import { isPeriod, period } from '../duration.ts'
import { type Lie, lieAbout, MISSING } from './lie.ts'

/** What stands where a text stood: harmless as a word of a command, a path or a pid. */
const TEXT = 'doubt'
const HOUR = 3_600_000

/** How any value can be falsified, by its shape: the first that says something else is the one that is told. */
export const VALUE: readonly Lie[] = [
  lieAbout({ name: 'empty', words: 'is empty', isConstant: true }, (value) =>
    Array.isArray(value) && value.length > 0 ? [] : undefined,
  ),
  lieAbout({ name: 'one', words: 'has one where there was none', isConstant: true }, addToNothing),
  lieAbout({ name: 'zero', words: 'is zero', isConstant: true }, (value) =>
    typeof value === 'number' && value !== 0 ? 0 : undefined,
  ),
  lieAbout({ name: 'one', words: 'is one', isConstant: true }, (value) => (value === 0 ? 1 : undefined)),
  lieAbout({ name: 'hour', words: 'takes an hour', isConstant: true }, (value) =>
    isPeriod(value) ? period(HOUR) : undefined,
  ),
  lieAbout({ name: 'other', words: 'is another' }, toOther),
  lieAbout({ name: 'none', words: 'has nothing in it', isConstant: true }, (value) => {
    if (value instanceof Map && value.size > 0) return new Map()
    return isRecord(value) && !isPeriod(value) && Object.keys(value).length > 0 ? {} : undefined
  }),
  lieAbout({ name: 'doubled', words: 'is doubled' }, (value) => {
    if (isPeriod(value)) return period(value.milliseconds * 2)
    return typeof value === 'number' ? value * 2 : undefined
  }),
  lieAbout(
    { name: 'frozen', words: 'stays as it was first seen', isConstant: true },
    (_, { first }) => first,
  ),
  lieAbout({ name: 'one missing', words: 'has one less' }, (value) => {
    if (Array.isArray(value)) return value.slice(0, -1)
    return value instanceof Map ? new Map([...value].slice(0, -1)) : undefined
  }),
  MISSING,
]

/** True for an object that is nothing but its fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function addToNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [TEXT] : undefined
  if (value instanceof Map) return value.size === 0 ? new Map([[TEXT, TEXT]]) : undefined
  return isRecord(value) && Object.keys(value).length === 0 ? { [TEXT]: TEXT } : undefined
}

/** Another value of the same shape: every text, number and yes or no in it is another one. */
function toOther(value: unknown): unknown {
  if (Array.isArray(value) || typeof value === 'number' || isPeriod(value)) return undefined
  return otherOf(value)
}

function otherOf(value: unknown): unknown {
  if (typeof value === 'string') return value === TEXT ? `${TEXT} it` : TEXT
  if (typeof value === 'number') return value === 0 ? 1 : 0
  if (typeof value === 'boolean') return !value
  if (isPeriod(value)) return period(HOUR)
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, otherOf(one)]))
  if (Array.isArray(value)) return value.map(otherOf)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, otherOf(one)]))
}
