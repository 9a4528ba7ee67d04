import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename, dirname, join, matchesGlob, relative } from 'node:path'
import type { Build } from './container.ts'

/**
 * What an image is made of, as one number: every file of its context that `.dockerignore` does not leave out, the Dockerfile
 * and the arguments. Two builds with the same number are the same.
 */
export function hashBuild({
  context,
  file = join(context, 'Dockerfile'),
  args = {},
  target = '',
}: Build): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([Object.entries(args).sort(), target]))
  // A context may well leave it out.
  hash.update(readFileSync(file))
  const ignores = readIgnores(context, file)
  for (const path of listFiles(context, (name) => ignores(relative(context, name)))) {
    const { mode } = lstatSync(path)
    const link = (mode & 0o170_000) === 0o120_000
    const content = link ? readlinkSync(path) : readFileSync(path)
    hash.update(`${relative(context, path)}\0${mode & 0o111}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 16)
}

function listFiles(folder: string, isIgnored: (path: string) => boolean): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (isIgnored(path)) return []
      if (entry.isDirectory()) return listFiles(path, isIgnored)
      return entry.isFile() || entry.isSymbolicLink() ? [path] : []
    })
}

/** Where a line takes back what an earlier one left out, nothing is: a file too many costs a build, one too few a wrong image. */
function readIgnores(context: string, file: string): (path: string) => boolean {
  const own = join(dirname(file), `${basename(file)}.dockerignore`)
  const text = readIfThere(own) ?? readIfThere(join(context, '.dockerignore'))
  const lines = (text ?? '').split('\n').map((line) => line.trim().replace(/^\/|\/$/g, ''))
  const patterns = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (patterns.some((line) => line.startsWith('!'))) return () => false
  return (path) => patterns.some((pattern) => matchesGlob(path, pattern))
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Without one, everything belongs to the context.
    return undefined
  }
}
