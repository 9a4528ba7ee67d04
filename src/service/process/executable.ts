import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { platform } from 'node:process'
import type { LaunchPlan } from '../driver.ts'

/** Finds the program as the system will; else says in words why it cannot be run. */
export function findProgram(
  program: string,
  { cwd, env }: Pick<LaunchPlan, 'cwd' | 'env'>,
): { readonly path: string } | { readonly missing: string } {
  if (!existsSync(cwd)) return { missing: `its folder ${cwd} does not exist` }
  // What Windows takes for a program is decided by PATHEXT and more: there, the launch itself says it.
  if (platform === 'win32') return { path: program }
  if (program.includes('/')) return judge(resolve(cwd, program))
  const folders = (env['PATH'] ?? '').split(delimiter)
  const path = folders.map((folder) => join(resolve(cwd, folder), program)).find(isExecutable)
  if (path !== undefined) return { path }
  return { missing: `there is no program ${program} in the ${folders.length} folders of the PATH` }
}

/** The names of everything in the folders of a PATH, for "did you mean". */
export function listPrograms(path = ''): readonly string[] {
  const names = path.split(delimiter).flatMap((folder) => {
    try {
      return readdirSync(folder)
    } catch {
      // A folder of the PATH that does not exist has no programs.
      return []
    }
  })
  return [...new Set(names)]
}

function judge(path: string): { readonly path: string } | { readonly missing: string } {
  if (isExecutable(path)) return { path }
  return { missing: existsSync(path) ? `${path} is not executable` : `there is no ${path}` }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    // Not there, or not for this user to run.
    return false
  }
}
