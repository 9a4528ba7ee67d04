import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LaunchPlan } from './driver.ts'
import { identityOf } from './process/spawn.ts'

/** Writes the files of a spec into the service's folder, as the user it runs as. */
export function writeFiles({ files, dir, user }: LaunchPlan): void {
  const { uid, gid } = identityOf(user)
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
  }
}
