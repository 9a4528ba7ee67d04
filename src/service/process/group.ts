import { kill } from 'node:process'
import { system } from './system.ts'

/** Sends a signal to a whole process group; false when there is nobody left in it. */
export function signalGroup(group: number, name: NodeJS.Signals): boolean {
  if (!system.hasGroups) {
    void endTree(group, name)
    return true
  }
  try {
    return kill(-group, name)
  } catch {
    // ESRCH: nobody is left in the group.
    return false
  }
}

/**
 * Signals a process and those of its descendants whose parents still live; resolves when all were told. For Windows, which
 * has neither groups nor signals: elsewhere a group says more. Never rejects.
 */
export async function endTree(pid: number, name: NodeJS.Signals): Promise<void> {
  const { default: treeKill } = await import('tree-kill')
  // Who is gone already needs no signal: that is the only error.
  return new Promise((resolve) => treeKill(pid, name, () => resolve()))
}
