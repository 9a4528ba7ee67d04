import { formatDuration, milliseconds } from '../duration.ts'
import { Failure, ShakedownError, UsageError } from '../error.ts'
import { emit } from '../event.ts'
import { lastLinesOf } from '../expect/failure.ts'
import { exitCodeOf } from '../interrupt.ts'
import { settleWithin } from '../wait/settle.ts'
import type { Control, Launch } from './control.ts'
import type { Exit } from './driver.ts'
import { requireCapability } from './signals.ts'
import { tellUncleanStop } from './tell.ts'

const GRACE = '10s'
/** After SIGKILL, so many milliseconds until a process is gone; longer only when the kernel itself is stuck. */
const KILL_PATIENCE = 5000

/** The stop that a script asks for: a program that has to be ended by force did not do what it was told, a Failure. */
export async function stopAsAsked(control: Control, wanted?: NodeJS.Signals): Promise<void> {
  const began = performance.now()
  const { forced } = await stop(control, wanted)
  if (!forced) return
  const signal = wanted ?? control.spec.stop?.signal ?? 'SIGTERM'
  throw new Failure(`${control.name} did not stop when it was told to`, {
    expected: `to end by itself after ${signal}`,
    last: 'it had to be ended with SIGKILL',
    waited: formatDuration(performance.now() - began),
    hint: 'give it longer in its spec: stop: { within: … }, or tell it with another signal',
    log: lastLinesOf([control]),
  })
}

/**
 * Tells the program to stop, waits, kills it when its time is up, and ends what it left behind. Rejects with a Failure when
 * it ended in another way than its spec calls clean; an end by force is told as an event.
 */
export async function stop(control: Control, wanted?: NodeJS.Signals): Promise<{ readonly forced: boolean }> {
  const launch = await endStart(control)
  if (launch === undefined) return { forced: false }
  const { stop: plan = {} } = control.spec
  const signal = wanted ?? plan.signal ?? 'SIGTERM'
  if (launch.exit !== undefined) {
    await settleAfter(control, launch)
    return { forced: false }
  }
  const began = performance.now()
  launch.ending = true
  const paused = control.state === 'paused'
  control.state = 'stopping'
  emit({ kind: 'service:stopping', service: control.name, signal })
  await launch.handle.signal(signal, plan.to ?? 'leader')
  // A paused process hears nothing but SIGKILL until it goes on.
  if (paused) await launch.handle.signal('SIGCONT', 'group')
  const grace = milliseconds(plan.within ?? GRACE)
  const exit = await settleWithin(launch.handle.exited, grace)
  if (exit === undefined) await killLaunch(control, launch)
  const swept = await launch.handle.sweep()
  control.state = 'stopped'
  tellStopped(control, { began, forced: exit === undefined, swept })
  // The failure of a start that did not succeed is told already.
  if (exit !== undefined && launch.ready && !isClean(control, exit, signal))
    throw tellUncleanStop(control, exit, signal)
  return { forced: exit === undefined }
}

/** Leaves what goes on without this run as it is, and says how; false where it must be stopped. */
export async function letGo(control: Control): Promise<boolean> {
  const launch = await endStart(control)
  if (launch === undefined || launch.exit !== undefined) return false
  const goesOn = await launch.handle.letGo?.()
  if (goesOn === undefined) return false
  control.state = 'stopped'
  emit({ kind: 'service:stopped', service: control.name, milliseconds: 0, forced: false, swept: [], goesOn })
  return true
}

/** Ends the program and its group with SIGKILL, and waits until it is gone. */
export async function kill(control: Control): Promise<void> {
  requireCapability(control, 'kill')
  const launch = await endStart(control)
  if (launch === undefined) return
  if (launch.exit !== undefined) return await settleAfter(control, launch)
  const began = performance.now()
  launch.ending = true
  control.state = 'stopping'
  emit({ kind: 'service:signal', service: control.name, signal: 'SIGKILL' })
  await killLaunch(control, launch)
  const swept = await launch.handle.sweep()
  control.state = 'stopped'
  // The script asked for it: that is no end that had to be forced.
  tellStopped(control, { began, forced: false, swept })
}

/** A start that is under way ends first: after it, there is a program to stop, or none. */
async function endStart(control: Control): Promise<Launch | undefined> {
  if (control.state === 'new') {
    throw new UsageError(`${control.name} is not running: it was never started`, {
      hint: 'await start(…) first',
    })
  }
  if (control.state === 'starting') {
    control.cancel.abort(new Failure(`${control.name} was stopped while it started`))
    await control.settled
  }
  return control.launch
}

async function settleAfter(control: Control, launch: Launch): Promise<void> {
  await launch.handle.sweep()
  const { death } = control
  control.state = 'stopped'
  control.death = undefined
  if (death !== undefined) throw death
}

async function killLaunch(control: Control, { handle }: Launch): Promise<void> {
  await handle.signal('SIGKILL', 'group')
  await handle.signal('SIGKILL', 'leader')
  if ((await settleWithin(handle.exited, KILL_PATIENCE)) !== undefined) return
  throw new ShakedownError('leak', `${control.name} does not end: pid ${handle.pid} survived SIGKILL`, {
    hint: 'the kernel holds it, mostly for a disk or a network file system that does not answer',
  })
}

function isClean({ spec }: Control, { code, signal }: Exit, told: NodeJS.Signals): boolean {
  const clean = spec.stop?.clean ?? [0, told, exitCodeOf(told)]
  return signal === null ? code !== null && clean.includes(code) : clean.includes(signal)
}

function tellStopped(
  control: Control,
  { began, forced, swept }: { began: number; forced: boolean; swept: readonly number[] },
): void {
  const milliseconds = performance.now() - began
  emit({ kind: 'service:stopped', service: control.name, milliseconds, forced, swept })
}
