import type { Duration } from '../duration.ts'
import type { Reference, Word } from '../reference.ts'
import type { Container } from './docker/container.ts'
import type { Driver } from './driver.ts'
import type { InProcess } from './in-process/run.ts'
import type { Startable } from './members.ts'

/** Where a program lives, known before it is launched. */
export interface Place<Port extends string = never> {
  readonly host: string
  /** Its main port. */
  readonly port: number
  readonly ports: Readonly<Record<Port, number>>
  /** A folder of its own, gone when the run is over. */
  readonly dir: string
}

// A method, so that a spec with named ports is also one with any: that is how services of all kinds fit in one list.
type FromPlace<T, Port extends string> = { call(place: Place<Port>): T }['call']

/** A value, or a function of the place: references that it turns into text count as its wiring. */
export type Placed<T, Port extends string = never> = T | FromPlace<T, Port>

/** Variables on top of the runner's own environment; undefined takes one of those away. */
export type Env = Readonly<Record<string, string | number | boolean | Reference | undefined>>

/** What a check found: ready, or what is still missing. */
export type Checked = true | string

/** The fact by which a program is known to be ready. */
export type Ready<Port extends string = never> =
  | { readonly http: `/${string}`; readonly status?: number; readonly port?: Port }
  /** So many lines that match; 'told': as many as the pattern's group `times` says in the first of them. */
  | { readonly log: RegExp; readonly times?: number | 'told' }
  | { readonly tcp: true; readonly port?: Port }
  /** What the HEALTHCHECK of its image says. */
  | { readonly healthy: true }
  | { check(place: Place<Port>, signal: AbortSignal): Promise<Checked> }
  | { readonly all: readonly Ready<Port>[] }
  /** It runs, and nothing more: for programs that neither listen nor say anything. */
  | 'started'
  /** It has done its work and ended with 0: a migration, a seed. */
  | 'completed'

/** How a program is told to stop. */
export interface Stop {
  /** What it wants to be told; SIGTERM where it is not given. */
  readonly signal?: NodeJS.Signals
  /** How long it may take before SIGKILL; `'10s'` where it is not given. */
  readonly within?: Duration
  /** Exit codes and signals that are a clean end; 0 and the stop signal (also as 128 + n) where it is not given. */
  readonly clean?: readonly (number | NodeJS.Signals)[]
  /** Who is told: the program itself, or its whole process group. */
  readonly to?: 'leader' | 'group'
}

/** How a program comes to its main port. */
export type MainPort =
  /** The user asks for this one; it is never exchanged for another. */
  | number
  /** It listens nowhere. */
  | 'none'
  /** A free port, told by this variable. */
  | { readonly env: string; readonly fixed?: number }
  /** It chooses itself and says so in its log, in the group `port`: `/listening on \S+:(?<port>\d+)/`. */
  | { readonly announced: RegExp }

/** The variable that tells a program a further port: a free one, or the one that the user asks for. */
export type FurtherPort = string | { readonly env: string; readonly fixed: number }

/** The value that describes a program: how it is launched, when it is ready, how it stops. */
export interface ProgramSpec<Port extends string = never> {
  /** The program's name where it is not given. Numbered when it is taken: `redis-2`. */
  readonly name?: string
  /** The command and its arguments, or a function in their place. References in it are edges: their service is ready first. */
  readonly run: Placed<readonly Word[], Port> | InProcess<Port>
  /** The working directory, relative to that of the script; the program's own folder where it is not given. */
  readonly in?: string
  /** Written into the program's own folder before it is launched. References in them are no edges. */
  readonly files?: Readonly<Record<string, Placed<string | Reference, Port>>>
  /** References in it are edges, too. */
  readonly env?: Placed<Env, Port>
  readonly port?: MainPort
  /** Further ports by name, each with the variable that tells the program, '' for none. */
  readonly ports?: Readonly<Record<Port, FurtherPort>>
  /** An accepted connection on the main port where it is not given; a program without a port must say. */
  readonly ready?: Ready<Port>
  /** How long it may take to be ready; `'60s'` where it is not given. */
  readonly within?: Duration
  /** Log lines after which waiting for it is hopeless. */
  readonly failOn?: readonly RegExp[]
  readonly stop?: Stop
  /** An end with 0 that nobody asked for is its completion, not its death; so it is where `ready` is `'completed'`. */
  readonly completes?: boolean
  /** What must be ready before it, without it referring to their address. */
  readonly needs?: readonly Startable[]
  /** False: references in `run` and `env` are no edges; it only wants to know where things will be. */
  readonly waits?: boolean
  /** Runs as this user where the runner is root, for programs that refuse root; as the runner itself otherwise. */
  readonly user?: string
  /** Done once before the first launch, when all it waits for is ready: `initdb`. */
  setup?(place: Place<Port>, signal: AbortSignal): Promise<void>
  /**
   * Makes it as it was when it had just come up: so `shakedown watch` may keep it from one run to the next. For a program
   * that keeps nothing: `async () => {}`.
   */
  reset?(place: Place<Port>, signal: AbortSignal): Promise<void>
  /**
   * What it can say of itself when a scenario fails, as files by their names: asked while it still runs, for three seconds
   * at most; of each file a megabyte is kept.
   */
  evidence?(signal: AbortSignal): Promise<Readonly<Record<string, string>>>
  readonly version?: string
  /** How to get the program where it is missing: `apt-get install redis-server`. */
  readonly install?: string
  /** What it is run in where containers are chosen: `--driver docker`; always where that is how it is deployed. */
  readonly container?: Container
  /** How it is brought to life; as a local process where it is not given. */
  readonly driver?: Driver
}

/** A spec whose port names do not matter any more. */
export type AnySpec = ProgramSpec<string>
