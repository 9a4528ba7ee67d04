import { runId } from '../../run-id.ts'
import { currentGuard, openGuard } from '../guard.ts'
import { engineAddress } from './engine.ts'

/** The label that everything of a run wears in the engine; its value is the run's id. */
export const RUN_LABEL = 'shakedown.run'

/** Something in an engine that goes with the run that made it. */
export interface EngineObject {
  readonly what: 'container' | 'network' | 'volume'
  /** Nobody else's: it has the run's id in it. */
  readonly name: string
  /** The address of its engine. */
  readonly engine: string
}

/** A name that only this run gives. */
export function nameInRun(...parts: readonly string[]): string {
  return ['shakedown', runId.slice(0, 12), ...parts].join('-')
}

/** Writes down what is about to be made, makes it, and writes down that it is there. */
export async function makeObject<T>(
  { what, name }: Omit<EngineObject, 'engine'>,
  make: () => Promise<T>,
): Promise<T> {
  const guard = openGuard()
  const object = { what, name, engine: engineAddress() }
  guard.noteObject(object)
  const made = await make()
  guard.noteObject(object, true)
  return made
}

/** It is gone: nobody has to look for it any more. */
export function forgetObject(name: string): void {
  currentGuard()?.forgetObject(name)
}
