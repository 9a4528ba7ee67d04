import { mode } from '../mode.ts'
import { type Lie, lieAbout, MISSING } from './lie.ts'
import { isRecord } from './lies-value.ts'

const HOUR = 3_600_000

/** What PromQL gives: values with labels. */
export const VECTOR: readonly Lie[] = [
  aboutValues({ name: 'zero', words: 'is zero', isConstant: true }, () => 0),
  aboutValues({ name: 'one', words: 'is one', isConstant: true }, (value) => (value === 0 ? 1 : value)),
  aboutValues({ name: 'doubled', words: 'is doubled' }, (value) => value * 2),
  lieAbout({ name: 'one missing', words: 'lacks its last series' }, (list) =>
    Array.isArray(list) && list.length > 1 ? list.slice(0, -1) : undefined,
  ),
  MISSING,
]

/** What PromQL gives over time. */
export const LINES: readonly Lie[] = [
  aboutLines({ name: 'no point', words: 'has no point in it', isConstant: true }, () => []),
  aboutLines({ name: 'zero', words: 'is zero' }, (points) => points.map((one) => ({ ...one, value: 0 }))),
  MISSING,
]

/** A moment, in milliseconds since 1970. */
export const TIME: readonly Lie[] = [
  lieAbout({ name: 'old', words: 'is an hour old' }, (time) =>
    typeof time === 'number' ? time - HOUR : undefined,
  ),
  lieAbout({ name: 'ahead', words: 'is an hour ahead' }, (time) =>
    typeof time === 'number' ? time + HOUR : undefined,
  ),
  lieAbout({ name: 'stale', words: 'is one interval old' }, (time) =>
    typeof time === 'number' ? time - mode.scrapeInterval.milliseconds : undefined,
  ),
  MISSING,
]

/** What Prometheus thinks of a target. */
export const HEALTH: readonly Lie[] = [
  lieAbout({ name: 'down', words: 'is down', isConstant: true }, (health) =>
    health === 'up' ? 'down' : undefined,
  ),
  lieAbout({ name: 'up', words: 'is up', isConstant: true }, (health) =>
    health === 'down' ? 'up' : undefined,
  ),
  MISSING,
]

type About = Omit<Lie, 'tell'>

function aboutValues(about: About, make: (value: number) => number): Lie {
  return lieAbout(about, (list) => {
    if (!Array.isArray(list)) return undefined
    return list.map((one) => (isRecord(one) ? { ...one, value: make(Number(one['value'])) } : one))
  })
}

function aboutLines(about: About, make: (points: readonly object[]) => readonly object[]): Lie {
  return lieAbout(about, (list) => {
    if (!Array.isArray(list)) return undefined
    return list.map((one) =>
      isRecord(one) && Array.isArray(one['points']) ? { ...one, points: make(one['points']) } : one,
    )
  })
}
