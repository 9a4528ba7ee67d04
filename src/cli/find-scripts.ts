import { existsSync, globSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../error.ts'
import { nearest } from '../nearest.ts'

/** The scripts that a command line names: files as they are, and everything below a folder whose name ends in `.mts` or `.mjs`. Throws a UsageError for what is not there. */
export async function findScripts(words: readonly string[]): Promise<readonly string[]> {
  if (words.length === 0)
    throw new UsageError('no scripts to run', { hint: 'name some: shakedown run e2e/integration' })
  return [...new Set(words.flatMap(scriptsAt))]
}

function scriptsAt(word: string): readonly string[] {
  if (!existsSync(word)) throw new UsageError(`there is no ${word}`, { hint: hintFor(word) })
  if (!statSync(word).isDirectory()) return [word]
  const found = globSync('**/*.{mts,mjs}', {
    cwd: word,
    exclude: (name) => basename(name) === 'node_modules',
  })
  if (found.length === 0)
    throw new UsageError(`there are no scripts below ${word}`, { hint: 'they end in .mts or .mjs' })
  return found.sort().map((file) => join(word, file))
}

function hintFor(word: string): readonly string[] {
  const folder = dirname(word)
  if (!existsSync(folder)) return []
  const close = nearest(basename(word), readdirSync(folder))
  return close === undefined ? [] : [`did you mean ${join(folder, close)}?`]
}
