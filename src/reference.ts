import { UsageError } from './error.ts'

const referent: unique symbol = Symbol('shakedown.referent')

/** Who has an address: a service, as far as the wiring knows it. Compared by identity. */
export interface Owner {
  readonly name: string
  /** The last lines that it logged, for failures that involve it. */
  lastLines?(count: number): readonly string[]
}

/** From where an address is looked at: the host, a container of the run, a pod. The same reference reads differently for each. */
export interface Viewer {
  readonly place: string
  /** Where it finds what listens on 127.0.0.1 of the host; not at all where it is not given. */
  toHost?(port: number): { readonly host: string; readonly port: number }
}

/** The script itself, and every process that runs beside it. */
export const HOST: Viewer = { place: 'host' }

interface Referent<T> {
  readonly describe: string
  readonly owners: readonly Owner[]
  resolve(viewer: Viewer): T | undefined
}

/** An address that may not be known yet: wired as a value before anything starts, resolved for whoever uses it. */
export interface Reference<out T extends string | number = string | number> {
  readonly [referent]: Referent<T>
  /** The address as the script sees it; throws a UsageError before its service has one. */
  toString(): string
}

/** What stands in a command line, an environment or a template. */
export type Word = string | number | Reference

/** Makes a reference. `resolve` gives undefined for as long as the address is not known. */
export function createReference<T extends string | number>(
  describe: string,
  owners: readonly Owner[],
  resolve: (viewer: Viewer) => T | undefined,
): Reference<T> {
  const reference: Reference<T> = {
    [referent]: { describe, owners, resolve },
    toString: () => String(use(reference)),
  }
  return reference
}

/** Joins references into one: ``at`redis://${cache}/0` ``. A service stands for its `host:port`. */
export function at(text: TemplateStringsArray, ...words: readonly Word[]): Reference<string> {
  const references = words.filter(isReference)
  const owners = references.flatMap((reference) => reference[referent].owners)
  const describe = text.reduce((sum, piece, index) => `${sum}${describePart(words[index - 1])}${piece}`)
  return createReference(describe, owners, (viewer) => {
    const values = words.map((word) => (isReference(word) ? word[referent].resolve(viewer) : word))
    if (values.includes(undefined)) return undefined
    return text.reduce((sum, piece, index) => `${sum}${values[index - 1]}${piece}`)
  })
}

/** True for references, and for services, which are one to their main address. */
export function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && referent in value
}

/** What a reference reads as for that viewer; throws a UsageError that names it while it is not known. */
export function resolve<T extends string | number>(reference: Reference<T>, viewer: Viewer = HOST): T {
  const value = peek(reference, viewer)
  if (value !== undefined) return value
  throw new UsageError(`${reference[referent].describe} is not known yet`, {
    hint: [
      'pass the reference itself, or join it: at`…`, so that it is resolved when it is used',
      'or start the service first: await start(…)',
    ],
  })
}

/** What a reference reads as for that viewer; undefined while it is not known. */
export function peek<T extends string | number>(
  reference: Reference<T>,
  viewer: Viewer = HOST,
): T | undefined {
  return reference[referent].resolve(viewer)
}

/** A word as text, for that viewer. */
export function render(word: Word, viewer: Viewer = HOST): string {
  return String(isReference(word) ? use(word, viewer) : word)
}

/** How a reference is called in messages: `redis.port`. */
export function describeWord(word: Word | undefined): string {
  return isReference(word) ? word[referent].describe : String(word)
}

/** The owners of every reference inside a word, a list or an object. */
export function ownersOf(value: unknown): ReadonlySet<Owner> {
  const owners = new Set<Owner>()
  collectOwners(value, owners)
  return owners
}

/**
 * Runs `act`, a synchronous piece of wiring, for one viewer: references that it turns into text are resolved for that
 * viewer, and the answer says whose they were.
 */
export function recordOwners<T>(
  viewer: Viewer,
  act: () => T,
): { readonly value: T; readonly owners: ReadonlySet<Owner> } {
  const outer = recorder
  const own = { viewer, owners: new Set<Owner>() }
  recorder = own
  try {
    return { value: act(), owners: own.owners }
  } finally {
    recorder = outer
  }
}

interface Recorder {
  readonly viewer: Viewer
  readonly owners: Set<Owner>
}

// Wiring is synchronous, so one variable is enough: nothing else can run while it is set.
let recorder: Recorder | undefined

function use<T extends string | number>(reference: Reference<T>, viewer = recorder?.viewer ?? HOST): T {
  for (const owner of reference[referent].owners) recorder?.owners.add(owner)
  return resolve(reference, viewer)
}

function collectOwners(value: unknown, owners: Set<Owner>): void {
  if (isReference(value)) {
    for (const owner of value[referent].owners) owners.add(owner)
    return
  }
  if (Array.isArray(value)) {
    for (const item of value) collectOwners(item, owners)
    return
  }
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) collectOwners(item, owners)
  }
}

/** A reference in a template, as it is written there; what is known already as it is. */
function describePart(word: Word | undefined): string {
  return isReference(word) ? `\${${describeWord(word)}}` : String(word)
}
