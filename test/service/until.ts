import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { poll } from '../../src/wait/poll.ts'

/** Waits for a fact, generously: these tests look at what happens, not at how long it takes. */
export async function until(
  what: string,
  look: () => boolean | Promise<boolean>,
  within = 60_000,
): Promise<void> {
  const waited = await poll(async () => look(), { what, within, judge: (met) => ({ met }) })
  assert.equal(waited.ended, 'met', `${what}: ${waited.error?.message ?? 'never'}`)
}

/** True while there is such a process that is not a zombie: looked up without any of the product's own means. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

/** The pids of processes whose command line has this text in it. */
export function pidsOf(text: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isRunning(pid) && commandOf(pid).includes(text))
}

/** The command line of a process, its words with blanks between; empty where it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
