import { UsageError } from '../error.ts'
import type { Control } from './control.ts'
import { wire } from './wiring.ts'

/**
 * Refuses what can never start: a service that refers to one that is not started, or that waits for itself through others.
 * All of them have their place.
 */
export function checkWiring(controls: readonly Control[]): void {
  const edges = new Map(controls.map((control) => [control, edgesOf(control, controls)]))
  for (const control of controls) refuseCycle([control], edges)
}

function edgesOf(control: Control, starting: readonly Control[]): readonly Control[] {
  const { plan, edges, mentioned } = wire(control)
  for (const other of mentioned) {
    if (other.state === 'new') throw tellUnstarted(control, other, starting)
  }
  const waitsForAddress = [...mentioned].some(hasYetToTell)
  if (plan instanceof UsageError && !waitsForAddress) throw plan
  return [...edges]
}

/** True while only its program can tell its address, or another start is about to give it one. */
export function hasYetToTell({ spec: { port }, announced, lease }: Control): boolean {
  if (lease === undefined) return true
  return typeof port === 'object' && 'announced' in port && announced === undefined
}

function tellUnstarted(control: Control, other: Control, starting: readonly Control[]): UsageError {
  const names = [...starting, other].map(({ name }) => name)
  return new UsageError(`${control.name} refers to ${other.name}, which is not started`, {
    ...(control.at === undefined ? {} : { at: control.at.toString() }),
    hint: [`start it with it, or before: await start(${names.join(', ')})`],
  })
}

function refuseCycle(path: readonly Control[], edges: ReadonlyMap<Control, readonly Control[]>): void {
  const [first] = path
  const last = path.at(-1)
  if (first === undefined || last === undefined) return
  for (const next of edges.get(last) ?? []) {
    if (next === first) throw tellCycle(path)
    if (!path.includes(next)) refuseCycle([...path, next], edges)
  }
}

function tellCycle(path: readonly Control[]): UsageError {
  const [first] = path
  const names = [...path, first].map((control) => control?.name)
  return new UsageError(`services wait for each other: ${names.join(' → ')}`, {
    ...(first?.at === undefined ? {} : { at: first.at.toString() }),
    hint: [
      'an arrow is an address in the command, the environment, or needs: that service is ready first',
      'one that only wants to know where the other will be says waits: false, or has the address in a file',
    ],
  })
}
