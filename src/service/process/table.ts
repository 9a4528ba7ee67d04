import { system } from './system.ts'

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

/** Variables and their values. */
export type Environment = Readonly<Record<string, string>>

/** What every system must tell about processes. */
export interface ProcessTable {
  /** One process, or undefined when there is none with that pid. */
  read(pid: number): ProcessEntry | undefined
  /** Every process of the machine, as far as this user may see them. */
  list(): readonly ProcessEntry[]
  /** The environments with which they were started, where the system tells; programs can overwrite theirs. */
  environments(pids: readonly number[]): ReadonlyMap<number, Environment>
  /** Its command line; empty when there is none. */
  command(pid: number): string
}

/** One process, or undefined when there is none with that pid. */
export function readProcess(pid: number): ProcessEntry | undefined {
  return system.table.read(pid)
}

/** Every process of the machine, as far as this user may see them. */
export function listProcesses(): readonly ProcessEntry[] {
  return system.table.list()
}

/** The environments with which processes were started, where the system tells; programs can overwrite theirs. */
export function readEnvironments(pids: readonly number[]): ReadonlyMap<number, Environment> {
  return system.table.environments(pids)
}

/** The command line of a process, for messages; its name where it has none. */
export function readCommand(pid: number): string {
  return system.table.command(pid) || (system.table.read(pid)?.name ?? '')
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
