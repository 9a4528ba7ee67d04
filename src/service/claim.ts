import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { runId } from '../run-id.ts'
import { type Identity, identify, isAlive } from './process/identity.ts'
import { inState } from './state.ts'

/** Something that one process at a time has, on this machine and for this user. It ends with its process, however that ends. */
export interface Claim {
  release(): void
}

/** Who has claimed something, as its file says. */
export interface Holder extends Identity {
  readonly run: string
  /** What it is claimed for, in words. */
  readonly use?: string
}

/** Claims what this file stands for; undefined while a process that lives has it. The claim of one that is gone is taken over. */
export function claimFile(file: string, use?: string): Claim | undefined {
  const own = join(dirname(file), `${process.pid}-${basename(file)}.new`)
  const self = identify(process.pid)
  inState(() => writeFileSync(own, JSON.stringify({ ...self, run: runId, use })))
  try {
    // A link appears with its content and only if there was none: nobody ever reads half a claim.
    if (!link(own, file) && !(removeStale(file, own) && link(own, file))) return undefined
    return { release: () => rmSync(file, { force: true }) }
  } finally {
    rmSync(own, { force: true })
  }
}

/** Who holds the claim of this file; undefined when nobody does any more. */
export function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // Released meanwhile.
    return undefined
  }
}

/** Takes away the claim of a process that is gone; of two that try, one succeeds. */
function removeStale(file: string, own: string): boolean {
  const holder = readHolder(file)
  if (holder === undefined || isAlive(holder)) return false
  const aside = `${own}.stale`
  try {
    renameSync(file, aside)
  } catch {
    // Another run was quicker.
    return false
  }
  const moved = readHolder(aside)
  // Between the look and the move somebody else may have claimed it: then it goes back.
  if (moved !== undefined && isAlive(moved)) link(aside, file)
  rmSync(aside, { force: true })
  return moved === undefined || !isAlive(moved)
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
