import { isDeepStrictEqual } from 'node:util'
import { titleOf, toError, UsageError } from '../error.ts'
import { show } from '../show.ts'
import { isBound, keepsTo } from './bound.ts'

/** Where a value differs from a pattern: `json.token.expires_in`, what was expected there, what was seen. */
export interface Difference {
  readonly path: string
  readonly expected: string
  readonly seen: string
}

/** What a checked pattern proves: `String` → string, `/x/` → string, `{ n: Number }` → { n: number }. */
export type Proven<P> = P extends RegExp | StringConstructor
  ? string
  : P extends NumberConstructor
    ? number
    : P extends BooleanConstructor
      ? boolean
      : P extends object
        ? { readonly [K in keyof P]: Proven<P[K]> }
        : P

/**
 * Compares a value with a pattern and lists every difference. In a pattern, `String`, `Number` and `Boolean` stand for any
 * value of that type, a RegExp for a text it finds itself in, a bound for what keeps to it. With `partly`, objects may
 * have more keys than the pattern (lists are always compared whole).
 */
export function differences(value: unknown, pattern: unknown, partly: boolean): readonly Difference[] {
  return compare(value, pattern, { partly, path: '' })
}

/** A pattern in words: `/circuit/`, `any string`, `at least 5`. */
export function showPattern(pattern: unknown): string {
  if (isBound(pattern)) return pattern.describe
  if (pattern instanceof RegExp) return String(pattern)
  if (pattern === String) return 'any string'
  if (pattern === Number) return 'any number'
  if (pattern === Boolean) return 'true or false'
  if (Array.isArray(pattern)) return `[${pattern.map(showPattern).join(', ')}]`
  if (!isPlain(pattern)) return show(pattern)
  return `{ ${Object.entries(pattern)
    .map(([key, value]) => `${key}: ${showPattern(value)}`)
    .join(', ')} }`
}

/** Throws for a pattern that everything matches, or a part of it that does: an empty one proves nothing. */
export function refuseEmptyPattern(pattern: unknown, path = ''): void {
  if (Array.isArray(pattern))
    for (const [index, part] of pattern.entries()) refuseEmptyPattern(part, `${path}[${index}]`)
  if (!isPlain(pattern)) return
  const parts = Object.entries(pattern)
  for (const [key, part] of parts) refuseEmptyPattern(part, path === '' ? key : `${path}.${key}`)
  if (parts.length > 0) return
  throw new UsageError(`an empty pattern matches everything${path === '' ? '' : `: ${path}`}`, {
    hint: 'name at least one part that must be there',
  })
}

/** undefined where the pattern has parts of its own. */
function compareLeaf(value: unknown, pattern: unknown): boolean | undefined {
  if (isBound(pattern)) return keepsTo(value, pattern)
  if (pattern instanceof RegExp)
    return typeof value === 'string' && new RegExp(pattern, pattern.flags.replace(/[gy]/g, '')).test(value)
  if (pattern === String) return typeof value === 'string'
  if (pattern === Number) return typeof value === 'number'
  if (pattern === Boolean) return typeof value === 'boolean'
  // NaN says that there is no value: nothing is expected to be that.
  if (Number.isNaN(pattern)) return false
  if (typeof pattern !== 'object' || pattern === null) return Object.is(value, pattern)
  return undefined
}

interface Place {
  readonly partly: boolean
  readonly path: string
}

function compare(value: unknown, pattern: unknown, place: Place): readonly Difference[] {
  const { path } = place
  const leaf = compareLeaf(value, pattern)
  if (leaf !== undefined) return leaf ? [] : [{ path, expected: showPattern(pattern), seen: show(value) }]
  if (Array.isArray(pattern)) return compareLists(value, pattern, place)
  if (isPlain(pattern)) return compareObjects(value, pattern, place)
  return isDeepStrictEqual(value, pattern) ? [] : [{ path, expected: show(pattern), seen: show(value) }]
}

function compareLists(value: unknown, pattern: readonly unknown[], place: Place): readonly Difference[] {
  const { path } = place
  if (!Array.isArray(value) || value.length !== pattern.length) {
    const seen = Array.isArray(value) ? `${value.length} items: ${show(value)}` : show(value)
    return [{ path, expected: `${pattern.length} items: ${showPattern(pattern)}`, seen }]
  }
  return pattern.flatMap((item, index) =>
    compare(value[index], item, { ...place, path: `${path}[${index}]` }),
  )
}

function compareObjects(
  value: unknown,
  pattern: Readonly<Record<string, unknown>>,
  place: Place,
): readonly Difference[] {
  const { partly, path } = place
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ path, expected: showPattern(pattern), seen: show(value) }]
  }
  const inside = (key: string) => (path === '' ? key : `${path}.${key}`)
  const found = Object.entries(pattern).flatMap(([key, wanted]) => {
    if (key in value) return comparePart(value, key, { wanted, partly, path: inside(key) })
    const seen = `nothing (there is: ${Object.keys(value).join(', ')})`
    return [{ path: inside(key), expected: showPattern(wanted), seen }]
  })
  if (partly) return found
  const extra = Object.keys(value).filter((key) => !(key in pattern))
  const seen = (key: string) => show(Reflect.get(value, key))
  return [...found, ...extra.map((key) => ({ path: inside(key), expected: 'nothing', seen: seen(key) }))]
}

/** Reads a part only when it is asked for: a getter may do work, or throw, as that of a body that is not JSON. */
function comparePart(
  value: object,
  key: string,
  part: Place & { readonly wanted: unknown },
): readonly Difference[] {
  try {
    return compare(Reflect.get(value, key), part.wanted, part)
  } catch (error) {
    return [{ path: part.path, expected: showPattern(part.wanted), seen: titleOf(toError(error)) }]
  }
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
