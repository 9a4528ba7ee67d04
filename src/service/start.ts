import { callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { toError, UsageError } from '../error.ts'
import { emit } from '../event.ts'
import { boot } from './boot.ts'
import { type Control, control, MAIN } from './control.ts'
import { dismantleAll, live } from './dismantle.ts'
import { checkWiring } from './graph.ts'
import { checkLeaks } from './leaks.ts'
import { cleanDeadRuns, describeReport } from './leftovers.ts'
import { programsOf, type Startable } from './members.ts'
import { endWithProcess } from './process-end.ts'

/**
 * Starts services, each when all that its command and environment refer to is ready, the others at the same time; resolves
 * when all are ready, rejects with the first failure. The running scenario stops them. Outside of one, disposing them does,
 * or the end of the process; and a start that fails leaves nothing running of what it had started.
 */
export function start(...services: readonly Startable[]): Promise<void> {
  return startAll(services.flatMap(programsOf).map((program) => program[control]))
}

/** The same for services of which only the control block is at hand. */
export async function startAll(controls: readonly Control[]): Promise<void> {
  refuseTwice(controls)
  for (const one of controls) prepare(one)
  // Registered before anything is started: whatever happens from here on, it is undone.
  const undo = register(controls)
  try {
    await makeRoom(controls)
    checkWiring(controls)
    await bootAll(controls)
  } catch (error) {
    giveUp(controls, toError(error))
    if (currentContext() === undefined) await undo()
    throw error
  }
}

/** Starts a service again that was stopped, killed or died, at the same address. */
export async function startAgain(one: Control): Promise<void> {
  if (one.dismantled !== undefined || (one.state !== 'stopped' && one.state !== 'dead'))
    throw tellStarted(one)
  one.death = undefined
  prepare(one)
  await bootAll([one])
}

function refuseTwice(controls: readonly Control[]): void {
  const twice = controls.find((one, index) => controls.indexOf(one) !== index)
  if (twice !== undefined) {
    throw new UsageError(`${twice.name} is listed twice`, {
      hint: 'a service is one program; for several make several',
    })
  }
  const started = controls.find(({ state }) => state !== 'new')
  if (started !== undefined) throw tellStarted(started)
}

function tellStarted(one: Control): UsageError {
  const at = one.at === undefined ? {} : { at: one.at.toString() }
  if (one.dismantled !== undefined) {
    const hint = 'its address is given back: make another service'
    return new UsageError(`${one.name} cannot be started again: it was disposed`, { ...at, hint })
  }
  const again = one.state === 'stopped' || one.state === 'dead'
  return new UsageError(`${one.name} was started already: it is ${one.state}`, {
    ...at,
    hint: again ? 'start it again by its own method: await ….start()' : 'start each service once',
  })
}

function prepare(one: Control): void {
  one.context = currentContext()
  one.at = callSite()
  one.state = 'starting'
  one.cancel = new AbortController()
  one.booting = Promise.withResolvers()
  // Everybody who waits for it is told; it is no unhandled rejection when nobody does.
  one.booting.promise.catch(() => {})
  live.add(one)
}

function register(controls: readonly Control[]): () => Promise<void> {
  let ends: ReadonlyMap<Control, Promise<void>> | undefined
  const end = () => {
    ends ??= dismantleAll(controls)
    return ends
  }
  endWithProcess()
  currentContext()?.own('leak check', checkWhenOver)
  for (const one of controls) {
    one.context?.own(one.name, async (signal) => {
      // The budget of the teardown is used up: what is left is ended now.
      signal.addEventListener('abort', () => one.launch?.handle.killNow(), { once: true })
      await end().get(one)
    })
  }
  return async () => {
    await Promise.allSettled(end().values())
  }
}

/** Runs after the last service of the scenario was stopped: it was registered before the first. */
async function checkWhenOver(): Promise<void> {
  if (live.size === 0) await checkLeaks()
}

let toldDeadRuns: Promise<void> | undefined

/** Once in a process, before it starts anything: what a dead run left may hold the very port that is wanted now. */
function tellDeadRuns(): Promise<void> {
  toldDeadRuns ??= cleanDeadRuns().then((report) => {
    for (const text of describeReport(report)) emit({ kind: 'note', level: 'notice', text })
  })
  return toldDeadRuns
}

/** Leases what all of them need. Who stops one of them meanwhile waits for that, or the lease would be nobody's. */
async function makeRoom(controls: readonly Control[]): Promise<void> {
  const leasing = tellDeadRuns().then(() => Promise.allSettled(controls.map(lease)))
  const settled = leasing.then(
    () => {},
    () => {},
  )
  for (const one of controls) one.settled = settled
  for (const made of await leasing) if (made.status === 'rejected') throw made.reason
  for (const one of controls) one.cancel.signal.throwIfAborted()
}

async function lease(one: Control): Promise<void> {
  one.cancel.signal.throwIfAborted()
  const { port, ports = {}, user } = one.spec
  const wanted: Record<string, number | undefined> = {}
  if (port === undefined) wanted[MAIN] = undefined
  else if (typeof port === 'number') wanted[MAIN] = port
  else if (typeof port === 'object' && 'env' in port) wanted[MAIN] = port.fixed
  for (const [name, further] of Object.entries(ports))
    wanted[name] = typeof further === 'string' ? undefined : further.fixed
  one.lease = await one.driver.lease({ service: one.name, ports: wanted, user, signal: one.cancel.signal })
}

async function bootAll(controls: readonly Control[]): Promise<void> {
  for (const one of controls) one.settled = boot(one)
  await Promise.all(controls.map(({ booting }) => booting.promise))
}

/** The first failure is what is told: nobody waits for the others any longer. */
function giveUp(controls: readonly Control[], error: Error): void {
  for (const one of controls) {
    if (one.state !== 'starting') continue
    one.cancel.abort(error)
    one.booting.reject(error)
  }
}
