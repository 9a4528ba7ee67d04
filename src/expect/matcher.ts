import { isDeepStrictEqual } from 'node:util'
import { UsageError } from '../error.ts'
import { show } from '../show.ts'
import type { Verdict } from '../wait/poll.ts'
import { isBound, keepsTo } from './bound.ts'
import { type Difference, differences, refuseEmptyPattern, showPattern } from './pattern.ts'

/** What is expected of a value: says itself in words, and judges. Never holds for everything. */
export interface Matcher {
  /** `toBe`, as the script says it. */
  readonly name: string
  /** `100`, `at least 5`, `{ status: 200 }`. */
  readonly describe: string
  judge(actual: unknown): Verdict
}

const MET: Verdict = { met: true }
/** A bound that all of these keep to says nothing about a size. */
const SIZES = [0, 1, 2, 10, 1e6, 1e12]

/** The same value, or one that keeps to the bound. Structural: what readings give has no identity. */
export function createBe(expected: unknown): Matcher {
  if (isBound(expected))
    return createMatcher('toBe', expected.describe, (actual) => keepsTo(actual, expected))
  if (typeof expected === 'number' && Number.isNaN(expected)) {
    throw new UsageError('nothing is expected to be NaN', {
      hint: 'a metric that is NaN is a missing value: toBe(…) a number',
    })
  }
  return {
    name: 'toBe',
    describe: show(expected),
    judge(actual) {
      if (isDeepStrictEqual(actual, expected)) return MET
      return { met: false, hint: showMissing(actual, expected) }
    },
  }
}

/** For two lists what one has and the other has not: where they are long, nobody finds that in the texts. */
function showMissing(actual: unknown, expected: unknown): string | undefined {
  if (!Array.isArray(actual) || !Array.isArray(expected)) return undefined
  const without = (one: readonly unknown[], other: readonly unknown[]) =>
    one.filter((item) => !other.some((another) => isDeepStrictEqual(item, another)))
  const lines = [
    ...without(expected, actual).map((item) => `missing: ${show(item)}`),
    ...without(actual, expected).map((item) => `not expected: ${show(item)}`),
  ]
  return lines.length === 0 ? 'the same items in another order or number' : lines.slice(0, 10).join('\n')
}

/** The whole value; patterns and bounds may stand inside of it. */
export function createEqual(expected: unknown): Matcher {
  return createPatternMatcher('toEqual', expected, false)
}

/** Only the parts that are given. */
export function createMatch(part: unknown): Matcher {
  refuseEmptyPattern(part)
  return createPatternMatcher('toMatch', part, true)
}

/** Neither undefined, null nor NaN. */
export function createDefined(): Matcher {
  const isThere = (actual: unknown) => actual !== undefined && actual !== null && !Number.isNaN(actual)
  return createMatcher('toBeDefined', 'a value', isThere)
}

/** So many items in a list, a set, a map or a text. */
export function createSize(size: unknown): Matcher {
  if (!isBound(size) && !(typeof size === 'number' && size >= 0))
    throw new UsageError(`not a size: ${show(size)}`)
  if (isBound(size) && SIZES.every((any) => keepsTo(any, size)))
    throw new UsageError(`everything has a size of ${size.describe}`, {
      hint: 'a list that is empty has one, too: above(0)',
    })
  const describe = isBound(size) ? size.describe : show(size)
  return createMatcher('toHaveSize', `size ${describe}`, (actual) => {
    const seen = sizeOf(actual)
    return isBound(size) ? keepsTo(seen, size) : seen === size
  })
}

/** No item of the others. An empty side would make it true of anything. */
export function createDisjoint(others: unknown): Matcher {
  if (!Array.isArray(others)) throw new UsageError(`not a list: ${show(others)}`)
  if (others.length === 0)
    throw new UsageError('every list is disjoint from an empty one', {
      hint: 'read the others after there are some',
    })
  return createMatcher('toBeDisjointFrom', `none of ${show(others)}`, (actual) => {
    if (!Array.isArray(actual) || actual.length === 0) return false
    return !actual.some((item) => others.some((other) => isDeepStrictEqual(item, other)))
  })
}

/** The item is in the list or the set, the text in the text. */
export function createContain(item: unknown): Matcher {
  if (item === '') throw new UsageError('every text contains an empty one')
  refuseEmptyPattern(item)
  const describe = typeof item === 'string' ? show(item) : showPattern(item)
  return createMatcher('toContain', `to contain ${describe}`, (actual) => {
    if (typeof actual === 'string') return typeof item === 'string' && actual.includes(item)
    const items: readonly unknown[] = actual instanceof Set || Array.isArray(actual) ? [...actual] : []
    return items.some((one) => differences(one, item, true).length === 0)
  })
}

/** Differences as lines: `json.code: expected 200, saw 404`. */
export function showDifferences(found: readonly Difference[]): string {
  const lines = found
    .slice(0, 5)
    .map(({ path, expected, seen }) => `${path || 'the value'}: expected ${expected}, saw ${seen}`)
  return [...lines, ...(found.length > 5 ? [`and ${found.length - 5} more differences`] : [])].join('\n')
}

function createPatternMatcher(name: string, pattern: unknown, partly: boolean): Matcher {
  return {
    name,
    describe: showPattern(pattern),
    judge(actual) {
      const found = differences(actual, pattern, partly)
      const [first] = found
      if (first === undefined) return MET
      return {
        met: false,
        hint: found.length === 1 && first.path === '' ? undefined : showDifferences(found),
      }
    },
  }
}

function createMatcher(name: string, describe: string, test: (actual: unknown) => boolean): Matcher {
  return { name, describe, judge: (actual) => (test(actual) ? MET : { met: false }) }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  return value instanceof Set || value instanceof Map ? value.size : Number.NaN
}
