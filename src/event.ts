import type { ErrorCode } from './error.ts'
import type { DoubtKinds } from './event-doubt.ts'
import type { ServiceKinds } from './event-service.ts'
import { redactEvent } from './redact-event.ts'

/** How a scenario, a step or a whole script ended. */
export type Outcome = 'passed' | 'failed' | 'skipped' | 'interrupted'

/** An error as events carry it: its title, the whole story, and where in the script. */
export interface ErrorRecord {
  readonly code: ErrorCode
  readonly title: string
  readonly message: string
  readonly at?: string | undefined
  readonly stack?: string | undefined
}

/** One look of a wait: milliseconds since it began, what it saw. */
export interface LookRecord {
  readonly at: number
  readonly saw: string
  readonly failed: boolean
}

/** Something that was claimed about a reading or a value, and how that went. */
export interface ClaimRecord {
  readonly what: string
  readonly matcher: string
  readonly expected: string
  readonly last: string
  readonly met: boolean
  /** The wait was broken off with its scenario: neither met nor missed. */
  readonly aborted?: boolean | undefined
  readonly at?: string | undefined
  /** Only for waits. */
  readonly looks?: readonly LookRecord[]
  readonly count?: number
  readonly milliseconds: number
  /** Numeric values of the looks, for plots. */
  readonly values?: readonly (readonly [at: number, value: number])[]
}

interface Ended {
  id: string
  title: string
  outcome: Outcome
  seconds: number
  error?: ErrorRecord | undefined
  reason?: string | undefined
}

interface Kinds extends DoubtKinds, ServiceKinds {
  'run:start': {
    run: string
    command: readonly string[]
    mode: Readonly<Record<string, unknown>>
    machine: Readonly<Record<string, string | number>>
    scripts: readonly string[]
    results?: string | undefined
    /** Which part of a run it is that was divided; parts of one division have one plan. */
    shard?: { readonly index: number; readonly total: number; readonly plan: string } | undefined
  }
  'run:end': { exit: number; causes: readonly string[]; seconds: number }
  'script:start': { file: string; pid: number }
  'script:end': {
    file: string
    outcome: Outcome
    code: number | null
    signal: string | null
    seconds: number
  }
  /** A scenario that the script tells about; `chosen` is false when this run leaves it out, or only lists. */
  'scenario:seen': { title: string; at?: string | undefined; tags: readonly string[]; chosen: boolean }
  'scenario:start': {
    id: string
    title: string
    at?: string | undefined
    tags: readonly string[]
    timeout: number
    /** Milliseconds that stopping everything may take. */
    teardown?: number
    /** Told again, so many times by now, after a failure whose cause it names as transient. */
    again?: number
  }
  /** One that failed is `retried` where it is told again: its cause is one that it names as transient. */
  'scenario:end': Ended & { claims: number; more: readonly ErrorRecord[]; retried?: boolean }
  'step:start': {
    id: string
    parent: string
    title: string
    proves: readonly string[]
    at?: string | undefined
  }
  'step:end': Ended & { parent: string; proves: readonly string[] }
  /** Something that is left out on this machine or in this mode, counted in every run. */
  skip: { what: string; reason: string; proves: readonly string[]; at?: string | undefined }
  /** A known misbehaviour of the system under test that was met exactly as described. */
  finding: { id: string; title: string; reason: string; seen: string; at?: string | undefined }
  /** Every second of a wait; `within` are the milliseconds that it may take. */
  'wait:progress': { what: string; milliseconds: number; last: string; within?: number }
  claim: ClaimRecord
  /** How long it is to last, or how many requests it is to send, where it says so. */
  'traffic:start': {
    id: string
    what: string
    shape: string
    milliseconds?: number | undefined
    requests?: number | undefined
    at?: string | undefined
  }
  'traffic:progress': { id: string; sent: number; answered: number; errors: number; p95: number }
  'traffic:end': {
    id: string
    what: string
    total: number
    ok: number
    errors: number
    byStatus: Readonly<Record<string, number>>
    late: number
    seconds: number
    latency: Readonly<Record<string, number>>
    series: readonly (readonly number[])[]
    crossed: readonly string[]
  }
  exchange: {
    method: string
    url: string
    status?: number | undefined
    milliseconds: number
    error?: string | undefined
    at?: string | undefined
  }
  /** What was kept of a scenario that failed before its services were stopped: a folder, and paths in it. */
  evidence: {
    folder: string
    files: readonly string[]
    missing: readonly string[]
    milliseconds: number
  }
  command: { line: string; code: number | null; milliseconds: number }
  fault: { what: string; active: boolean }
  'teardown:error': { what: string; error: ErrorRecord }
  leak: { what: string; detail: string; ended: boolean }
  /** It was looked whether anything is left: after the last service of a scenario or script was stopped. */
  'leak:check': { found: number }
  note: { text: string; level: 'info' | 'notice' | 'debug' }
}

/** When and by what an event was made: added by `emit`. */
export interface Stamp {
  /** Milliseconds since 1970. */
  readonly time: number
  /** The script that it belongs to; empty for the runner itself. */
  readonly script: string
  readonly scenario?: string | undefined
  readonly step?: string | undefined
  /** The known finding inside of which it happened: what failed there was expected to. */
  readonly finding?: string | undefined
}

/** The name of a kind of event. */
export type Kind = keyof Kinds

/** What `emit` takes: an event without its stamp. */
export type Happening = { [K in Kind]: { readonly kind: K } & Readonly<Kinds[K]> }[Kind]

/** Everything that happens, as one typed union: every report is a fold over it. */
export type Event = Stamp & Happening

/** One kind of event. */
export type EventOf<K extends Kind> = Extract<Event, { readonly kind: K }>

type Listener = (event: Event) => void

const listeners = new Set<Listener>()
let stamp: () => Omit<Stamp, 'time'> = () => ({ script: '' })

/** Tells every listener, in the order in which things happened, without secrets. A listener that throws is a defect of that listener. */
export function emit(happening: Happening): void {
  if (listeners.size === 0) return
  relay(redactEvent({ time: Date.now(), ...stamp(), ...happening }))
}

/** Passes on an event that another process made. */
export function relay(event: Event): void {
  for (const listener of listeners) listener(event)
}

/** Hears everything from now on; the answer ends that. */
export function listen(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Says where events come from: set once, by what knows the running scenario and step. */
export function stampEventsWith(where: () => Omit<Stamp, 'time'>): void {
  stamp = where
}
