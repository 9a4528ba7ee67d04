import { platform } from 'node:process'
import { procTable } from './table-proc.ts'
import { psTable } from './table-ps.ts'

/** One row of the process table. */
export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  /** When it was started, as the system counts: together with the pid and the boot it is nobody else. */
  readonly start: string
  /** Gone, and only not yet noticed by its parent. */
  readonly zombie: boolean
  readonly name: string
  /** Seconds of CPU it used. */
  readonly cpu: number
  /** Bytes in memory. */
  readonly rss: number
}

/** What every platform must tell about processes. */
export interface ProcessTable {
  /** One process, or undefined when there is none with that pid. */
  read(pid: number): ProcessEntry | undefined
  /** Every process of the machine, as far as this user may see them. */
  list(): readonly ProcessEntry[]
  /** The environment with which it was started, where the system tells; programs can overwrite it. */
  environment(pid: number): Readonly<Record<string, string>> | undefined
  /** Its command line; empty when there is none. */
  command(pid: number): string
}

/** Linux has /proc, other systems `ps`; on Windows there is neither, and the table is empty. */
const table: ProcessTable = platform === 'linux' ? procTable : psTable

/** One process, or undefined when there is none with that pid. */
export function readProcess(pid: number): ProcessEntry | undefined {
  return table.read(pid)
}

/** Every process of the machine, as far as this user may see them. */
export function listProcesses(): readonly ProcessEntry[] {
  return table.list()
}

/** The environment with which a process was started, where the system tells; programs can overwrite it. */
export function readEnvironment(pid: number): Readonly<Record<string, string>> | undefined {
  return table.environment(pid)
}

/** The command line of a process, for messages; its name where it has none. */
export function readCommand(pid: number): string {
  return table.command(pid) || (table.read(pid)?.name ?? '')
}

/** The descendants of these processes in a table, themselves not included. */
export function descendantsOf(
  pids: Iterable<number>,
  entries: readonly ProcessEntry[],
): readonly ProcessEntry[] {
  const family = new Set(pids)
  const found: ProcessEntry[] = []
  for (let grown = true; grown; ) {
    grown = false
    for (const entry of entries) {
      if (family.has(entry.pid) || !family.has(entry.parent)) continue
      family.add(entry.pid)
      found.push(entry)
      grown = true
    }
  }
  return found
}
