import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** This project's folder. */
export const root = join(import.meta.dirname, '..', '..')

/** These tests may themselves run below make, whose words and flags are passed on. */
export const ALONE = {
  MAKEFLAGS: undefined,
  MAKELEVEL: undefined,
  MFLAGS: undefined,
  MAKEOVERRIDES: undefined,
  ARGS: undefined,
}

/** A folder of its own, gone when the test ends. */
export interface Folder extends AsyncDisposable {
  readonly path: string
}

/** How a command ended and what it printed. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** An empty folder, or one with these files; a name may have blanks in it, as a person's folder may. */
export async function makeFolder(files: Readonly<Record<string, string>> = {}): Promise<Folder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'shake down-')))
  for (const [name, text] of Object.entries(files)) await writeIn(path, name, text)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The project as a clone of it would be, with what is not committed yet; `modules` links the installed packages in. */
export async function copyProject({ modules = true } = {}): Promise<Folder> {
  const folder = await makeFolder()
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
  })
  const files = stdout.split('\0').filter((name) => name !== '')
  // A file that somebody deletes or renames at this moment is not part of the copy.
  await Promise.all(files.map((file) => cp(join(root, file), join(folder.path, file)).catch(() => {})))
  if (modules) await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'))
  return folder
}

/** Writes a file into a folder, with the folders above it; a script (`#!`) can be run. */
export async function writeIn(folder: string, name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
  return file
}

/** Runs a command to its end, whatever its exit code; it knows nothing of the test runner that it runs in. */
export async function run(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly timeout?: number } = {},
): Promise<Ended> {
  const [program = '', ...args] = command
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const env = { ...inherited, ...options.env }
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 300_000, ...options, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 128
      resolve({ code, stdout, stderr: error !== null && stderr === '' ? error.message : stderr })
    })
  })
}
