import { HOST, type Word } from '../../reference.ts'
import type { Driver } from '../driver.ts'
import { leaseOnHost } from '../lease.ts'
import type { Placed } from '../spec.ts'

/** What a function that is a service gets, as a process would get it. */
export interface Inside {
  /** Its arguments, without a program's name. */
  readonly args: readonly string[]
  /** The runner's environment, and that of its spec. */
  readonly env: Readonly<Record<string, string>>
  readonly host: string
  /** Its main port; 0 where it has none. */
  readonly port: number
  readonly ports: Readonly<Record<string, number>>
  /** A folder of its own, gone when the run is over. */
  readonly dir: string
  /** Aborts when it is to stop: then its promise should settle. */
  readonly signal: AbortSignal
  /** Logs a line; so do `console` and `process.stdout`. */
  log(text: string): void
}

/** A service that is a function. It runs for as long as its promise is pending. */
export type Act = (inside: Inside) => Promise<void>

const key: unique symbol = Symbol('shakedown.inProcess')

/** In the place of a command: a function that is called in the script's own process. */
export interface InProcess<Port extends string = never> {
  readonly [key]: Act
  readonly args: Placed<readonly Word[], Port>
}

/**
 * A service that is a function: `run: inProcess(async ({ port, signal }) => { … })`. Its log, its stop and its crash are its
 * own; its memory, its time and its end are the script's: it cannot be killed, paused or measured apart from it.
 */
export function inProcess<const Port extends string = never>(
  act: Act,
  args: Placed<readonly Word[], Port> = [],
): InProcess<Port> {
  return { [key]: act, args }
}

/** True where a spec has a function in the place of a command. */
export function isInProcess(run: unknown): run is InProcess<string> {
  return typeof run === 'object' && run !== null && key in run
}

/** The function itself. */
export function actOf(run: InProcess<string>): Act {
  return run[key]
}

/** Services that are functions, called in the script's own process. Of what drivers can do, this one can nothing further. */
export function createInProcessDriver(act: Act): Driver {
  return {
    name: 'in-process',
    viewer: HOST,
    capabilities: new Set(),
    lease: leaseOnHost,
    async launch(plan) {
      const [{ call }, { writeFiles }, { inState }] = await Promise.all([
        import('./call.ts'),
        import('../files.ts'),
        import('../state.ts'),
      ])
      inState(() => writeFiles(plan))
      return call(act, plan)
    },
  }
}
