import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { currentContext } from '../context.ts'
import { UsageError } from '../error.ts'
import { loaderOf } from '../lazy.ts'

const { lazily } = loaderOf(import.meta.url)
/** With it comes everything that ends processes: a scenario without a folder does not need it. */
const openGuard = lazily<typeof import('../service/guard.ts')>('../service/guard')('openGuard')

/** A folder of the running scenario, gone afterwards unless it failed. */
export function workdir(): string {
  const context = currentContext()
  if (context !== undefined) return context.workdir()
  throw new UsageError('workdir() belongs to a scenario', { hint: 'call it inside of scenario(…)' })
}

/** The folder of one scenario, made when it is first asked for. */
export function createWorkdir(id: string): { path(): string; remove(passed: boolean): Promise<void> } {
  let path: string | undefined
  return {
    path() {
      if (path === undefined) {
        // Loaded by who has a folder: it takes as long as fifteen files of ours.
        const { randomBytes } = process.getBuiltinModule('node:crypto')
        const unique = randomBytes(6).toString('hex')
        const made = join(tmpdir(), `shakedown-scenario-${id}-${unique}`)
        // Written down first: whoever is killed in between has left nothing that nobody knows of.
        openGuard().noteFolder(made)
        mkdirSync(made, { recursive: true, mode: 0o700 })
        path = made
      }
      return path
    },
    async remove(passed) {
      if (path !== undefined && passed) await rm(path, { recursive: true, force: true })
    },
  }
}
