import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plan } from '../wiring.ts'

/** Folders in which nothing is looked at: what is in them is changed by installing, not by saving. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git', '.venv', '__pycache__'])
const LARGE = 2 ** 22
const MOST_FILES = 20_000

/** The same for services that would run alike: their command, environment, files, and what is in the files that they name. */
export function digestOf({ command, cwd, dir, env, files, ports, user }: Plan): string {
  // What begins so is added by the run that starts it, and another one each time.
  const own = Object.entries(env).filter(([name]) => !name.startsWith('SHAKEDOWN_'))
  const words = [...command, ...own.map(([, value]) => value)].map((word) => resolve(cwd, word))
  const named = words.filter((path) => isFile(path) && !isBelow(path, dir))
  const hash = createHash('sha256')
  hash.update(JSON.stringify([command, cwd, own.sort(), files, ports, user]))
  for (const path of named) hash.update(lookAt(path))
  if (cwd !== dir) hash.update(JSON.stringify(looksOf(cwd)))
  return hash.digest('hex')
}

/** Names, sizes and times of all files below a folder. */
function looksOf(folder: string): readonly string[] {
  const found: string[] = []
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name)
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(path)
      if (!entry.isFile()) continue
      const { size, mtimeMs } = statSync(path)
      found.push(`${path} ${size} ${mtimeMs}`)
      // Too much to look at each time: no two looks are the same then, and it is started afresh.
      if (found.length > MOST_FILES) return [String(performance.now())]
    }
  }
  return found.sort()
}

/** What is in a file; of a large one, a program, its size and time. */
function lookAt(path: string): Buffer | string {
  const { size, mtimeMs } = statSync(path)
  return size > LARGE ? `${path} ${size} ${mtimeMs}` : readFileSync(path)
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`)
}
