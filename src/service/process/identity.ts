import { system } from './system.ts'
import { readProcess } from './table.ts'

/** A process that cannot be mistaken for another one that got its pid later. */
export interface Identity {
  readonly pid: number
  readonly start: string
  readonly boot: string
}

let boot: string | undefined

/** This boot of the machine: pids and start times of another one mean nothing. */
export function bootId(): string {
  boot ??= readBootId()
  return boot
}

/** Who has that pid now; undefined when nobody has. */
export function identify(pid: number): Identity | undefined {
  const entry = readProcess(pid)
  return entry === undefined ? undefined : { pid, start: entry.start, boot: bootId() }
}

/** True while that very process runs; one that is gone and not yet reaped does not. */
export function isAlive({ pid, start, boot: then }: Identity): boolean {
  if (then !== bootId()) return false
  const entry = readProcess(pid)
  return entry !== undefined && entry.start === start && !entry.zombie
}

function readBootId(): string {
  try {
    return system.readBootId()
  } catch {
    // Neither /proc nor sysctl: pid and start time must be enough.
    return 'unknown'
  }
}
