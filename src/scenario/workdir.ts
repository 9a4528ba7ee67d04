import { mkdirSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { currentContext } from '../context.ts'
import { UsageError } from '../error.ts'

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
        mkdirSync(tmpdir(), { recursive: true })
        path = mkdtempSync(join(tmpdir(), `shakedown-scenario-${id}-`))
      }
      return path
    },
    async remove(passed) {
      if (path !== undefined && passed) await rm(path, { recursive: true, force: true })
    },
  }
}
