import type { Kind } from '../wait/sense.ts'
import { isFalse, type Known, type Lie, type Outcome } from './lie.ts'
import { LOAD } from './lies-load.ts'
import { DURATION, FINDINGS, PAGE } from './lies-page.ts'
import { HEALTH, LINES, TIME, VECTOR } from './lies-promql.ts'
import { DEADLINES, DELETIONS, TTL, WRITTEN } from './lies-redis.ts'
import { ANSWER, CHILDREN, OUTPUT, PID, STARTUP, STATE } from './lies-running.ts'
import { COUNTED, SERIES } from './lies-series.ts'
import { VALUE } from './lies-value.ts'

/** How each kind of reading can be falsified. The first lie that differs from the truth is told by default: that the thing is not there at all, or dead. */
const LIES: Readonly<Record<Kind, readonly Lie[]>> = {
  reading: VALUE,
  series: SERIES,
  counted: COUNTED,
  mark: [],
  watched: SERIES,
  page: PAGE,
  findings: FINDINGS,
  duration: DURATION,
  vector: VECTOR,
  lines: LINES,
  time: TIME,
  health: HEALTH,
  deadlines: DEADLINES,
  ttl: TTL,
  written: WRITTEN,
  deletions: DELETIONS,
  record: VALUE,
  answer: ANSWER,
  output: OUTPUT,
  load: LOAD,
  startup: STARTUP,
  state: STATE,
  pid: PID,
  children: CHILDREN,
}

/** The lies that say something else than what was seen last, the default one first. */
export function liesAbout(kind: Kind, truth: Outcome, known: Known): readonly Lie[] {
  return LIES[kind].filter((lie) => isFalse(lie.tell(truth, known), truth))
}

/** The lie of that name, of those that say something else than the truth; several may share a name. */
export function lieNamed(kind: Kind, name: string, about: { truth: Outcome; known: Known }): Lie | undefined {
  return liesAbout(kind, about.truth, about.known).find((lie) => lie.name === name)
}
