import { HOST } from '../../reference.ts'
import type { Driver } from '../driver.ts'
import { writeFiles } from '../files.ts'
import { openGuard } from '../guard.ts'
import { leaseOnHost } from '../lease.ts'
import { inState } from '../state.ts'
import { createHandle } from './handle.ts'
import { spawnCommand } from './spawn.ts'

/** The default driver: programs are processes of this machine, each in a process group of its own. */
export const processDriver: Driver = {
  name: 'process',
  viewer: HOST,
  capabilities: new Set(['pid', 'signal', 'kill', 'pause', 'usage', 'listeners', 'exec', 'copy']),
  lease: leaseOnHost,
  async launch(plan) {
    inState(() => writeFiles(plan))
    const guard = openGuard()
    guard.noteLaunch(plan.service)
    const child = await spawnCommand(plan, guard.markOf(plan.service))
    return createHandle(child, plan, guard)
  },
}
