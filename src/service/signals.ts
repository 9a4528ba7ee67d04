import { callSite } from '../call-site.ts'
import { UsageError } from '../error.ts'
import { emit } from '../event.ts'
import type { Control } from './control.ts'
import type { Capability } from './driver.ts'
import { runningHandle } from './readings.ts'

/** Sends a signal to the program itself; its children are the program's own affair. */
export function send(control: Control, signal: NodeJS.Signals): void {
  deliver(control, signal, 'leader')
}

/** Freezes the program and its children. */
export function pause(control: Control): void {
  deliver(control, 'SIGSTOP', 'group')
  control.state = 'paused'
}

/** Lets them go on. */
export function resume(control: Control): void {
  deliver(control, 'SIGCONT', 'group')
  control.state = 'running'
}

function deliver(control: Control, signal: NodeJS.Signals, to: 'leader' | 'group'): void {
  const { name, launch } = control
  requireCapability(control, to === 'group' ? 'pause' : 'signal')
  const handle = runningHandle(control)
  if (launch !== undefined) launch.asked = signal
  emit({ kind: 'service:signal', service: name, signal, at: callSite()?.toString() })
  if (!handle.signal(signal, to)) runningHandle(control)
}

/** Throws a UsageError that names the driver where it cannot do that. */
export function requireCapability({ name, driver }: Control, capability: Capability): void {
  if (driver.capabilities.has(capability)) return
  throw new UsageError(`${name} cannot be asked for that: the ${driver.name} driver has no ${capability}`)
}
