import type { CallSite } from '../call-site.ts'

/** What kind of thing is looked at; how it can be falsified depends on it. `src/doubt/` has a table of them. */
export type Kind =
  | 'reading' // whatever a script or a service made itself
  | 'series'
  | 'counted' // series since a mark
  | 'mark'
  | 'watched' // series that are watched for falls
  | 'page'
  | 'findings' // a page, read for what is wrong in it
  | 'duration' // a page, read for how long it takes
  | 'vector'
  | 'lines'
  | 'time'
  | 'health'
  | 'deadlines'
  | 'ttl'
  | 'written'
  | 'deletions'
  | 'record'
  | 'answer'
  | 'output'
  | 'load'
  | 'startup'
  | 'state'
  | 'pid'
  | 'children'

/** Something outside of this process that is looked at. */
export interface Source {
  readonly kind: Kind
  readonly name: string
  /** What it is compared with: as it was at the mark. */
  readonly since?: unknown
  /** The line of the script, where the stack does not say it. */
  readonly at?: CallSite | undefined
}

/** A claim while it is made. */
export interface Claimed {
  readonly at: CallSite | undefined
  /** Why nobody need doubt it. */
  readonly trusted?: string | undefined
  /** Looking does something, or the claim knows itself when to look: it is made only once. */
  readonly isOnce?: boolean | undefined
}

/** How one try of a claim went. */
export interface Tried {
  readonly ended: string
  readonly error: Error | undefined
}

/** Hears of every look, and may answer something else than what was seen. */
export interface Sensor {
  look<T>(source: Source, look: () => Promise<T>): Promise<T>
  claim<T>(claim: Claimed, act: () => T): T
  /** True when no later look of the running claim can bring another answer. */
  isHopeless(): boolean
  /** True when the running claim was told something false, and is to be made again: at last with the truth. */
  isToBeMadeAgain(tried: Tried): boolean
}

let sensor: Sensor | undefined

/** Puts a sensor between this process and everything that it looks at: `--doubt`. For the life of the process. */
export function senseWith(given: Sensor): void {
  sensor = given
}

/** One look at something outside of this process: every reading looks through this. Without a sensor it is the look itself. */
export function sense<T>(source: Source, look: () => Promise<T>): Promise<T> {
  return sensor === undefined ? look() : sensor.look(source, look)
}

/** Makes a claim: what is looked at inside of it is looked at for it. */
export function senseFor<T>(claim: Claimed, act: () => T): T {
  return sensor === undefined ? act() : sensor.claim(claim, act)
}

/** True when the running claim is to be made again: what it was told was false. */
export function isToBeMadeAgain(tried: Tried): boolean {
  return sensor?.isToBeMadeAgain(tried) ?? false
}

/** True when the running claim need not be looked at again: what it is told is false, and stays the same. */
export function isHopeless(): boolean {
  return sensor?.isHopeless() ?? false
}
