import { Failure, UsageError } from '../error.ts'
import { raceAbort } from '../wait/poll.ts'
import { type Control, placeFromHost } from './control.ts'
import { hasYetToTell } from './graph.ts'
import { currentGuard } from './guard.ts'
import { launchOnce } from './launch.ts'
import { logFileOf } from './state.ts'
import { wire } from './wiring.ts'

/** How often a program is launched anew because somebody else took its port. */
const LAUNCHES = 4

/** Brings a service that has its place to life and settles its `booting`. Never rejects. */
export async function boot(control: Control): Promise<void> {
  try {
    await bringUp(control)
    control.booting.resolve()
  } catch (error) {
    const { launch } = control
    // What was never launched, or is gone already, can be started again; what runs is for its teardown to end.
    if (launch === undefined || launch.exit !== undefined) control.state = 'dead'
    control.booting.reject(error)
  }
}

/** Waits for what it refers to, launches it, and waits until it is ready. */
async function bringUp(control: Control): Promise<void> {
  const { signal } = control.cancel
  const after = await raceAbort(waitForEdges(control), signal)
  await setUp(control, signal)
  const file = logFileOf(control.name, currentGuard()?.folder)
  if (file !== undefined) control.log.open(file)
  for (let left = LAUNCHES - 1; ; left -= 1) {
    signal.throwIfAborted()
    if ((await launchOnce(control, after, left > 0)) === 'ready') return
  }
}

/** Waits for everybody whose address is needed, also for those who show only when a first address became known. */
async function waitForEdges(control: Control): Promise<readonly string[]> {
  const ready = new Set<Control>()
  // Another start may be about to give them their addresses.
  const { mentioned } = wire(control)
  await Promise.all([...mentioned].filter(({ lease }) => lease === undefined).map(({ settled }) => settled))
  for (;;) {
    const missing = edgesOf(control).filter((edge) => !ready.has(edge))
    if (missing.length === 0) return [...ready].map(({ name }) => name)
    await Promise.all(missing.map((edge) => waitFor(control, edge)))
    for (const edge of missing) ready.add(edge)
  }
}

/** An address in a file is no edge, unless only its program can tell it. */
function edgesOf(control: Control): readonly Control[] {
  const { edges, mentioned, plan } = wire(control)
  const telling = plan instanceof UsageError ? [...mentioned].filter(hasYetToTell) : []
  return [...edges, ...telling.filter((other) => !edges.has(other))]
}

async function waitFor(control: Control, edge: Control): Promise<void> {
  edge.dependants.add(control)
  try {
    await edge.booting.promise
  } catch (cause) {
    // A consequence: the failure of that service is what is told.
    throw new Failure(`${control.name} was not launched: ${edge.name} did not get ready`, { cause })
  }
}

async function setUp(control: Control, signal: AbortSignal): Promise<void> {
  const { setup } = control.spec
  if (control.setUp || setup === undefined) return
  await raceAbort(setup.call(control.spec, placeFromHost(control), signal), signal)
  control.setUp = true
}
