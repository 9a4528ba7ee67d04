import { Failure } from '../error.ts'
import type { Reading } from '../wait/reading.ts'
import { type Kind, sense } from '../wait/sense.ts'
import type { Control, State } from './control.ts'
import type { Handle } from './driver.ts'

/** What can be looked at while a program runs. */
export interface ProgramReadings {
  readonly state: Reading<State>
  readonly pid: Reading<number>
  /** The pids of its children, direct and indirect. */
  readonly children: Reading<readonly number[]>
  readonly usage: {
    /** Of the program and its children, in fractions of one core since the last look; the first time since the launch. */
    readonly cpu: Reading<number>
    /** Of the program and its children, in bytes. */
    readonly rss: Reading<number>
  }
}

/** The readings of a program. All but the state reject while it does not run. */
export function createReadings(control: Control): ProgramReadings {
  const { name } = control
  const read = <T>(what: string, look: () => Promise<T>, kind: Kind = 'record'): Reading<T> => {
    const describe = `${what} of ${name}`
    return { describe, about: [control], read: () => sense({ kind, name: describe }, look) }
  }
  const readRunning = <T>(what: string, look: (handle: Handle) => Promise<T> | T, kind?: Kind): Reading<T> =>
    read(what, async () => look(runningHandle(control)), kind)
  return {
    state: read('state', async () => control.state, 'state'),
    pid: readRunning('pid', pidOf, 'pid'),
    children: readRunning('children', (handle) => handle.children(), 'children'),
    usage: {
      cpu: readRunning('CPU', createCpuLook(control)),
      rss: readRunning('memory', async (handle) => (await handle.usage()).rss),
    },
  }

  function pidOf({ pid }: Handle): number {
    if (pid === undefined) throw new Failure(`${name} has no pid on this machine`)
    return pid
  }
}

/** The handle of a program that runs; throws a Failure that says how it is with it when it does not. */
export function runningHandle({ name, state, launch }: Control): Handle {
  if (launch !== undefined && launch.exit === undefined) return launch.handle
  throw new Failure(`${name} does not run: it is ${state}`)
}

function createCpuLook(control: Control): (handle: Handle) => Promise<number> {
  let last: { readonly handle: Handle; readonly time: number; readonly cpu: number } | undefined
  return async (handle) => {
    const { cpu } = await handle.usage()
    const time = performance.now()
    const since = last?.handle === handle ? last : { time: control.launch?.began ?? time, cpu: 0 }
    last = { handle, time, cpu }
    return (cpu - since.cpu) / Math.max((time - since.time) / 1000, 0.001)
  }
}
