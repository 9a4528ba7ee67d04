import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HOST } from '../../reference.ts'
import type { Driver, LaunchPlan } from '../driver.ts'
import { openGuard } from '../guard.ts'
import { leaseOnHost } from '../lease.ts'
import { inState } from '../state.ts'
import { createHandle } from './handle.ts'
import { identityOf, spawnCommand } from './spawn.ts'

/** The default driver: programs are processes of this machine, each in a process group of its own. */
export const processDriver: Driver = {
  name: 'process',
  viewer: HOST,
  capabilities: new Set(['pid', 'signal', 'pause', 'usage', 'listeners']),
  lease: leaseOnHost,
  async launch(plan) {
    inState(() => writeFiles(plan))
    const guard = openGuard()
    guard.noteLaunch(plan.service)
    const child = await spawnCommand(plan, guard.markOf(plan.service))
    return createHandle(child, plan, guard)
  },
}

function writeFiles({ files, dir, user }: LaunchPlan): void {
  const { uid, gid } = identityOf(user)
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
  }
}
