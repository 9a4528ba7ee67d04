import { kill, platform } from 'node:process'

/** Sends a signal to a whole process group; false when there is nobody left in it. */
export function signalGroup(group: number, name: NodeJS.Signals): boolean {
  if (platform === 'win32') return endTree(group, name)
  try {
    return kill(-group, name)
  } catch {
    // ESRCH: nobody is left in the group.
    return false
  }
}

/** Windows has neither groups nor signals: its own tool ends a process and those of its children whose parents still live. */
function endTree(pid: number, name: NodeJS.Signals): boolean {
  void import('tree-kill').then(({ default: treeKill }) => treeKill(pid, name))
  return true
}
