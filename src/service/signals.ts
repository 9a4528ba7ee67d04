import { callSite } from '../call-site.ts'
import { UsageError } from '../error.ts'
import { emit } from '../event.ts'
import type { Control } from './control.ts'
import type { Capability } from './driver.ts'
import { runningHandle } from './readings.ts'

/** Sends a signal to the program itself; its children are the program's own affair. */
export async function send(control: Control, signal: NodeJS.Signals): Promise<void> {
  await deliver(control, signal, 'leader')
}

/** Freezes the program and its children. */
export async function pause(control: Control): Promise<void> {
  await deliver(control, 'SIGSTOP', 'group')
  control.state = 'paused'
}

/** Lets them go on. */
export async function resume(control: Control): Promise<void> {
  await deliver(control, 'SIGCONT', 'group')
  control.state = 'running'
}

async function deliver(control: Control, signal: NodeJS.Signals, to: 'leader' | 'group'): Promise<void> {
  const { name, launch } = control
  requireCapability(control, to === 'group' ? 'pause' : 'signal')
  const handle = runningHandle(control)
  if (launch !== undefined) launch.asked = signal
  emit({ kind: 'service:signal', service: name, signal, at: callSite()?.toString() })
  if (!(await handle.signal(signal, to))) runningHandle(control)
}

/** Throws a UsageError that names the driver where it cannot do that. */
export function requireCapability({ name, driver }: Control, capability: Capability): void {
  if (driver.capabilities.has(capability)) return
  throw new UsageError(`${name} cannot be asked for that: the ${driver.name} driver has no ${capability}`)
}
