import type { Event, EventOf } from '../../../event.ts'
import type { PageClaim } from '../model.ts'
import { cut, sample } from './sample.ts'

/** A claim as it was heard, before its step has a place in the page. Times are milliseconds since 1970. */
export interface HeardClaim {
  readonly event: Pick<EventOf<'claim'>, 'script' | 'scenario' | 'step'>
  readonly claim: Omit<PageClaim, 'script' | 'part'>
}

/** What was claimed, in bounded memory: of very many only those that did not hold. */
export interface ClaimStore {
  hear(event: Event): void
  readonly claims: readonly HeardClaim[]
  readonly omitted: number
}

const MOST = 10_000
const MOST_LOOKS = 60
const MOST_VALUES = 300
const LONGEST = 2000

/** Keeps the first 10,000 claims, and as many again of those that were missed. */
export function createClaimStore(most: number = MOST): ClaimStore {
  const claims: HeardClaim[] = []
  let omitted = 0
  return {
    hear(event) {
      if (event.kind !== 'claim') return
      const isKept = claims.length < most || (!event.met && claims.length < most * 2)
      if (isKept) claims.push(toHeard(event))
      else omitted += 1
    },
    claims,
    get omitted() {
      return omitted
    },
  }
}

function toHeard(event: EventOf<'claim'>): HeardClaim {
  const { script, scenario, step, time, milliseconds, what, expected, last, at, count = 1 } = event
  const looks = sample(event.looks ?? [], MOST_LOOKS)
  return {
    event: { script, scenario, step },
    claim: {
      from: time - milliseconds,
      to: time,
      what: cut(what, LONGEST),
      expected: cut(expected, LONGEST),
      last: cut(last, LONGEST),
      outcome: outcomeOf(event),
      at,
      count,
      looks: looks.map(({ at, saw, failed }) => [Math.round(at), cut(saw, 300), failed ? 1 : 0] as const),
      values: sample(event.values ?? [], MOST_VALUES),
    },
  }
}

function outcomeOf(event: EventOf<'claim'>): PageClaim['outcome'] {
  if (event.met) return 'met'
  if (event.aborted === true) return 'broken off'
  return event.finding === undefined ? 'missed' : 'known'
}
