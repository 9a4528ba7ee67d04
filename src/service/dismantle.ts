import type { Control } from './control.ts'
import { refuseLeaks } from './leaks.ts'
import { letGo, stop } from './stop.ts'

/**
 * Stops services for good and gives back their ports and folders: each after those that use it, the others at the same
 * time. One promise for each; the first failure of one keeps no other from being stopped.
 */
export function dismantleAll(controls: readonly Control[]): ReadonlyMap<Control, Promise<void>> {
  const all = new Set(controls)
  const ends = new Map<Control, Promise<void>>()
  const end = (control: Control): Promise<void> => {
    const known = ends.get(control)
    if (known !== undefined) return known
    // Nobody can be its own dependant: a start with a cycle is refused.
    const dependants = [...control.dependants].filter((other) => all.has(other))
    const promise = Promise.allSettled(dependants.map(end)).then(() => dismantle(control))
    ends.set(control, promise)
    // Whoever asked for it awaits it; the others must not be an unhandled rejection.
    promise.catch(() => {})
    return promise
  }
  for (const control of controls) end(control)
  return ends
}

/** Stops one service for good, once. */
export function dismantle(control: Control): Promise<void> {
  control.dismantled ??= takeDown(control)
  return control.dismantled
}

async function takeDown(control: Control): Promise<void> {
  try {
    if (control.state !== 'new' && !(await letGo(control))) await stop(control)
  } finally {
    control.log.close()
    await control.lease?.release()
    control.lease = undefined
    live.delete(control)
  }
  // In a scenario the leak check is a result of its own, after the last of them.
  if (live.size === 0 && control.context === undefined) await refuseLeaks()
}

/** Services that were started and are not yet dismantled. */
export const live = new Set<Control>()
