import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { env, platform } from 'node:process'
import type { ProcessTable } from './table.ts'
import { procTable } from './table-proc.ts'
import { psTable } from './table-ps.ts'

/** What an operating system offers for keeping the promise that nothing is left behind: one object for each kind. */
export interface System {
  readonly name: 'linux' | 'unix' | 'windows'
  readonly table: ProcessTable
  /** This boot of the machine; empty where nobody tells. */
  readBootId(): string
  /** Children inherit a mark that nothing takes away. */
  readonly hasBirthmarks: boolean
  /** It tells who listens on a port. */
  readonly hasListeners: boolean
  /** Processes have groups, sessions and signals. */
  readonly hasGroups: boolean
}

const linux: System = {
  name: 'linux',
  table: procTable,
  readBootId: () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  hasBirthmarks: true,
  hasListeners: true,
  hasGroups: true,
}

/** macOS and the BSDs: everything that `ps` tells. */
const unix: System = {
  name: 'unix',
  table: psTable,
  readBootId: () =>
    execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8', stdio: 'pipe' }).trim(),
  hasBirthmarks: false,
  hasListeners: false,
  hasGroups: true,
}

const windows: System = {
  name: 'windows',
  table: { read: () => undefined, list: () => [], environments: () => new Map(), command: () => '' },
  readBootId: () => '',
  hasBirthmarks: false,
  hasListeners: false,
  hasGroups: false,
}

/** The system that this process runs on. `SHAKEDOWN_SYSTEM=unix` makes Linux do with what macOS has, for tests of that. */
export const system: System = chooseSystem()

function chooseSystem(): System {
  if (env['SHAKEDOWN_SYSTEM'] === 'unix') return unix
  if (platform === 'linux') return linux
  return platform === 'win32' ? windows : unix
}
