import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Failure } from '../error.ts'
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

/** Copies a file or a folder, with the folders above it; what has the same name there is replaced. Throws a Failure where there is nothing. */
export async function copyFiles(from: string, to: string): Promise<void> {
  if (!existsSync(from)) throw tellNothing(from)
  await cp(from, to, { recursive: true })
}

/** That there is nothing to copy. */
export function tellNothing(path: string): Failure {
  return new Failure(`there is no ${path} to copy`)
}
