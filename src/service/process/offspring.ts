import { readdirSync, readFileSync } from 'node:fs'

/**
 * The living children of a process, direct and indirect, from the kernel's own lists: a look at a whole process table costs
 * a hundred times as much. Undefined where the system keeps no such lists, or the process is gone.
 */
export function readOffspring(pid: number): readonly number[] | undefined {
  const children = readChildren(pid)
  if (children === undefined) return undefined
  return children.flatMap((child) => (isZombie(child) ? [] : [child, ...(readOffspring(child) ?? [])]))
}

/** A thread that ends between two reads leaves its children to another one: then all of them are read again, this often. */
const READS = 10

function readChildren(pid: number, left = READS): readonly number[] | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const lists = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1'))
    return lists.flatMap((list) => list.split(' ').filter((word) => word !== '')).map(Number)
  } catch {
    // No such lists on this system, or the process or one of its threads ended meanwhile.
    return left > 0 ? readChildren(pid, left - 1) : undefined
  }
}

function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    // Gone meanwhile.
    return true
  }
}
