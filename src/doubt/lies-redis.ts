import { isPeriod, period } from '../duration.ts'
import { type Lie, lieAbout } from './lie.ts'
import { isRecord, VALUE } from './lies-value.ts'

const HOUR = 3_600_000

/** When keys expire, as the watch of a Redis sees them; null is never. */
export const DEADLINES: readonly Lie[] = [
  aboutDeadlines('none', 'have no TTL', () => null),
  aboutDeadlines('doubled', 'have an hour more to live', (deadline) =>
    deadline === null ? null : deadline + HOUR,
  ),
]

/** How long keys still live. */
export const TTL: readonly Lie[] = [
  aboutTtls('none', 'is none at all', (ttl) => (ttl === 'none' ? period(HOUR) : 'none')),
  aboutTtls('doubled', 'is doubled', (ttl) => (isPeriod(ttl) ? period(ttl.milliseconds * 2) : ttl)),
  lieAbout({ name: 'empty', words: 'is that of no key', isConstant: true }, (value) =>
    value instanceof Map && value.size > 0 ? new Map() : undefined,
  ),
]

/** What keys hold and when they expire, compared with a moment. */
export const WRITTEN: readonly Lie[] = [
  lieAbout({ name: 'not refreshed', words: 'keep the TTL that they had' }, (value, { since, matcher }) =>
    matcher === 'toBeRefreshed'
      ? mapStates(value, (state, key) => ({ ...state, deadline: deadlineOf(since, key) }))
      : undefined,
  ),
  lieAbout({ name: 'unwritten', words: 'are not written', isConstant: true }, (_, { since }) => since),
]

/** Keys that were deleted. */
export const DELETIONS: readonly Lie[] = [
  lieAbout({ name: 'one', words: 'is one where there was none', isConstant: true }, (value) =>
    Array.isArray(value) && value.length === 0 ? [{ time: 0, command: 'del', key: 'doubt' }] : undefined,
  ),
  ...VALUE,
]

function aboutDeadlines(name: string, words: string, make: (deadline: number | null) => number | null): Lie {
  return lieAbout({ name, words }, (look) => {
    if (!isRecord(look) || !(look['look'] instanceof Object) || !('deadlines' in look['look']))
      return undefined
    const { deadlines } = look['look']
    if (!(deadlines instanceof Map) || deadlines.size === 0) return undefined
    const told = new Map([...deadlines].map(([key, deadline]) => [key, make(deadline)]))
    return { ...look, look: { ...look['look'], deadlines: told } }
  })
}

function aboutTtls(name: string, words: string, make: (ttl: unknown) => unknown): Lie {
  return lieAbout({ name, words }, (value) =>
    value instanceof Map ? new Map([...value].map(([key, ttl]) => [key, make(ttl)])) : undefined,
  )
}

function mapStates(value: unknown, make: (state: object, key: unknown) => object): unknown {
  if (!(value instanceof Map)) return undefined
  return new Map([...value].map(([key, state]) => [key, make(state, key)]))
}

function deadlineOf(since: unknown, key: unknown): unknown {
  const state: unknown = since instanceof Map ? since.get(key) : undefined
  return isRecord(state) ? state['deadline'] : -1
}
