import { AsyncLocalStorage } from 'node:async_hooks'
import { callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { toError } from '../error.ts'
import { type EventOf, listen } from '../event.ts'
import { type Claimed, type Kind, type Sensor, type Source, senseWith, type Tried } from '../wait/sense.ts'
import type { Outcome } from './lie.ts'
import { learnTitles, type Place, placeOf } from './place.ts'

/** Something that was looked at, for one claim or for none. */
export interface Looked {
  readonly kind: Kind
  readonly name: string
  readonly since: unknown
  /** What the first look saw, where there was a value. */
  first: unknown
  last: Outcome | undefined
  /** It looks at something itself: that is what can be falsified. */
  isMade: boolean
}

/** A claim while it is made, and everything that it looked at. */
export interface Scope {
  readonly place: Place | undefined
  readonly trusted: string | undefined
  readonly looks: Map<string, Looked>
  readonly began: number
  readonly isOnce: boolean
  isOver: boolean
}

/** Who hears everything that a script looks at, and may answer something else. */
export interface Hearer {
  /** A claim begins. */
  begin?(scope: Scope): void
  /** A look for a claim: gives what the claim is told. */
  looked(scope: Scope, looked: Looked, truth: Outcome): Outcome
  /** A look in the background, at what a claim may be judged by. */
  lookedBeside?(looked: Looked, truth: Outcome): Outcome
  /** A look that is for no claim, at a line of the script. */
  read(place: Place, looked: Looked, truth: Outcome): Outcome
  /** A claim has ended. */
  end?(scope: Scope, claim: EventOf<'claim'>): void
  isHopeless(scope: Scope): boolean
  /** One try of a claim is over. */
  isToBeMadeAgain?(scope: Scope, tried: Tried): boolean
}

interface Here {
  readonly scope?: Scope | undefined
  readonly outer?: Looked | undefined
}

const here = new AsyncLocalStorage<Here>()

/** Puts the hearer between this process and everything that it looks at. */
export function hearWith(hearer: Hearer): void {
  learnTitles()
  senseWith(createSensor(hearer))
  listen((event) => {
    const scope = liveScope()
    if (event.kind !== 'claim' || scope === undefined) return
    scope.isOver = true
    if (event.aborted !== true) hearer.end?.(scope, event)
  })
}

function createSensor(hearer: Hearer): Sensor {
  return {
    async look(source, look) {
      const { outer } = here.getStore() ?? {}
      const scope = liveScope()
      const isInside = outer !== undefined && outer.kind !== 'reading'
      if (outer?.kind === 'reading') outer.isMade = true
      const looked = isInside ? createLooked(source) : enter(scope, source)
      const site = scope === undefined && !isInside ? (source.at ?? callSite()) : undefined
      const truth = await outcomeOf(() => here.run({ scope, outer: isInside ? outer : looked }, look))
      if ('value' in truth) looked.first ??= truth.value
      looked.last = truth
      const told = tell(hearer, { scope, looked, isInside, place: placeFor(site) }, truth)
      if ('error' in told) throw told.error
      return told.value as Awaited<ReturnType<typeof look>> // of the kind that was seen: lies keep the shape
    },
    claim({ at, trusted, isOnce = false }: Claimed, act) {
      const place = at === undefined || currentContext() === undefined ? undefined : placeOf(at)
      const scope = { place, trusted, looks: new Map(), began: performance.now(), isOnce, isOver: false }
      hearer.begin?.(scope)
      return here.run({ scope }, act)
    },
    isHopeless() {
      const scope = liveScope()
      return scope !== undefined && hearer.isHopeless(scope)
    },
    isToBeMadeAgain(tried) {
      const scope = liveScope()
      return scope !== undefined && hearer.isToBeMadeAgain?.(scope, tried) === true
    },
  }
}

interface Look {
  readonly scope: Scope | undefined
  readonly looked: Looked
  readonly isInside: boolean
  readonly place: Place | undefined
}

function tell(hearer: Hearer, { scope, looked, isInside, place }: Look, truth: Outcome): Outcome {
  if (looked.kind === 'mark' || looked.isMade) return truth
  // The book of keys is kept by every look, whoever it is for.
  if (looked.kind === 'deadlines' && (isInside || scope === undefined))
    return hearer.lookedBeside?.(looked, truth) ?? truth
  if (isInside) return truth
  if (scope !== undefined) return hearer.looked(scope, looked, truth)
  return place === undefined ? truth : hearer.read(place, looked, truth)
}

/** What looks in the background was begun by some claim, and outlives it. */
function liveScope(): Scope | undefined {
  const scope = here.getStore()?.scope
  return scope?.isOver === true ? undefined : scope
}

function enter(scope: Scope | undefined, source: Source): Looked {
  const key = `${source.kind} ${source.name}`
  const looked = scope?.looks.get(key) ?? createLooked(source)
  scope?.looks.set(key, looked)
  return looked
}

function createLooked({ kind, name, since }: Source): Looked {
  return { kind, name, since, first: undefined, last: undefined, isMade: false }
}

async function outcomeOf(look: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await look() }
  } catch (thrown) {
    return { error: toError(thrown) }
  }
}

function placeFor(site: ReturnType<typeof callSite>): Place | undefined {
  return site === undefined || currentContext() === undefined ? undefined : placeOf(site)
}
