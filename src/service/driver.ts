import type { Viewer } from '../reference.ts'
import type { Output } from '../shell/run.ts'
import type { Stream } from './log.ts'

/** Brings programs to life: as local processes, in-process functions, containers, workloads of a cluster. */
export interface Driver {
  readonly name: string
  /** From where its programs look at addresses. */
  readonly viewer: Viewer
  readonly capabilities: ReadonlySet<Capability>
  /** False: its programs do not get the runner's environment, which means nothing where they run. */
  readonly inherits?: false
  /** What it stands for already runs: nothing of it is started, stopped or signalled. */
  readonly elsewhere?: Elsewhere
  /** Reserves a program's addresses and its folder, before anything is rendered. */
  lease(request: LeaseRequest): Promise<Lease>
  /** Starts the program. Rejects with a Failure or PreflightError that names it when it cannot even be started. */
  launch(plan: LaunchPlan): Promise<Handle>
}

/** Where something already runs. */
export interface Elsewhere {
  /** As the script names it. */
  readonly text: string
  /** Its main address with scheme and path; undefined for as long as it is not known. */
  url(viewer: Viewer): string | undefined
}

/** What not every driver can do; the others are asked of all of them. */
export type Capability =
  | 'pid'
  | 'signal'
  | 'kill'
  | 'pause'
  | 'usage'
  | 'listeners'
  | 'exec'
  | 'copy'
  | 'network'

/** What a program needs reserved before it is rendered. */
export interface LeaseRequest {
  readonly service: string
  /** Names of ports; a number is a fixed port, undefined a free one. */
  readonly ports: Readonly<Record<string, number | undefined>>
  /** Who the program will run as, where that is not the runner's user. */
  readonly user?: string | undefined
  /** Aborts when the start was given up: an image that is being built is not waited for. */
  readonly signal?: AbortSignal | undefined
}

/** Addresses that are the program's until they are released. */
export interface Lease {
  readonly host: string
  readonly ports: Readonly<Record<string, number>>
  readonly dir: string
  /** Where that port is for a viewer; undefined where it cannot be reached from. */
  addressFor(viewer: Viewer, port: number, name?: string): Address | undefined
  /** Where it is that very program who accepts a connection; `addressFor` the host where it is not given. */
  answersAt?(port: number): Address | undefined
  /** Another port in place of one that somebody else took. */
  exchange(name: string): Promise<Lease>
  release(): Promise<void>
}

/** Where something listens, as one viewer sees it. */
export interface Address {
  readonly host: string
  readonly port: number
  /** It is spoken to by TLS. */
  readonly secure?: boolean
  /** What stands before every path there. */
  readonly base?: string
}

/** All that is needed to launch: nothing in it is a reference any more. */
export interface LaunchPlan {
  readonly service: string
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Paths relative to `dir`, and what is in them. */
  readonly files: Readonly<Record<string, string>>
  readonly dir: string
  readonly ports: Readonly<Record<string, number>>
  readonly user?: string | undefined
  readonly install?: string | undefined
  /** Gets everything that the program prints, from the first byte. */
  write(stream: Stream, chunk: Uint8Array): void
  /** There is no more to come of that stream. */
  end(stream: Stream): void
}

/** How a program ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Why, where whoever runs it tells: memory ran out. */
  readonly reason?: string | undefined
}

/** A program that was launched. */
export interface Handle {
  readonly pid?: number | undefined
  /** Resolves when it is gone and what it printed has arrived. */
  readonly exited: Promise<Exit>
  /** How it came to be there, where a watch keeps services: `kept warm`. */
  readonly kept?: string | undefined
  /** Asked before a teardown stops it: how it goes on without this run, in words; undefined where it must be stopped. */
  letGo?(): Promise<string | undefined>
  /** False when there is nothing left to signal. */
  signal(signal: NodeJS.Signals, to: 'leader' | 'group'): boolean | Promise<boolean>
  usage(): Promise<Usage>
  /** Direct and indirect children, as far as they can be seen. */
  children(): Promise<readonly number[]>
  /** What the check of its own image says. */
  health?(): Promise<string>
  /** Who listens on a port of the host. */
  listener(port: number): Promise<Listener>
  /** Runs a command beside the program, in its folder, with its environment, as its user; has `exec`. */
  exec?(words: readonly string[], signal: AbortSignal | undefined): Promise<Output>
  /** Has `copy`: files and folders, from or to an absolute path here; the other one is relative to the program's folder. */
  readonly copy?: Copying
  /** Has `network`: faults on the way to it and from it. */
  readonly network?: Network
  /** Ends what the program left behind, after its exit: the pids that were found. */
  sweep(): Promise<readonly number[]>
  /** The same without waiting, for when the process ends now. */
  killNow(): void
}

/** Files on their way between the script and where a program runs; what is there already is replaced. */
export interface Copying {
  in(here: string, there: string): Promise<void>
  out(there: string, here: string): Promise<void>
}

/** What can be done to the network of a program. */
export interface Network {
  /** Nothing comes to it or from it any more. */
  cut(): Promise<void>
  /** All that it sends is this many milliseconds late. */
  delay(milliseconds: number): Promise<void>
  /** As it was. */
  heal(): Promise<void>
}

/** What a program has used of the machine. */
export interface Usage {
  /** Seconds of CPU since it was launched, children included. */
  readonly cpu: number
  /** Bytes in memory, children included. */
  readonly rss: number
}

/** `unknown` where the system does not tell. */
export type Listener =
  | { readonly whose: 'ours' | 'nobody' | 'unknown' }
  | { readonly whose: 'foreign'; readonly who: string }
