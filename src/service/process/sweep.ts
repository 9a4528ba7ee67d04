import { kill } from 'node:process'
import { pause } from '../../wait/pause.ts'
import { type Family, findFamily } from './family.ts'
import { type ProcessEntry, readProcess } from './table.ts'

/** What a sweep ended, and what it could not end. */
export interface Swept {
  readonly ended: readonly ProcessEntry[]
  readonly left: readonly ProcessEntry[]
}

const PATIENCE = 5000
const PAUSE = 5

/**
 * Ends the whole family with SIGKILL, again and again until a look finds nobody: one look misses those that are forked
 * while it lasts. Gives up after 5 s, when the kernel itself holds a process.
 */
export async function sweep(family: Family): Promise<Swept> {
  const ended = new Map<string, ProcessEntry>()
  for (const began = performance.now(); ; ) {
    const left = findFamily(family)
    for (const entry of left) if (end(entry)) ended.set(`${entry.pid} ${entry.start}`, entry)
    if (left.length === 0) return { ended: [...ended.values()], left: [] }
    if (performance.now() - began > PATIENCE) return { ended: [...ended.values()], left }
    await pause(PAUSE)
  }
}

/** The same without ever waiting, for a process that ends now: for at most so many milliseconds. */
export function sweepNow(family: Family, patience = 500): void {
  for (const began = performance.now(); performance.now() - began < patience; ) {
    const left = findFamily(family)
    if (left.length === 0) return
    for (const entry of left) end(entry)
  }
}

/** Looks once more whether it is still the same process, right before the signal. */
export function end(entry: ProcessEntry, signal: NodeJS.Signals = 'SIGKILL'): boolean {
  const now = readProcess(entry.pid)
  if (now === undefined || now.start !== entry.start || now.zombie) return false
  try {
    return kill(entry.pid, signal)
  } catch {
    // Gone in the meantime, or another user's: nothing that this process may end.
    return false
  }
}
