import { existsSync, globSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { UsageError } from '../error.ts'
import { nearest } from '../nearest.ts'

/** Where the scripts of a project are when nobody says otherwise. */
const USUAL = 'e2e'

/**
 * The scripts that a command line names: files as they are, everything below a folder whose name ends in `.mts` or `.mjs`,
 * and what a pattern (`*`, `?`, `[…]`, `{…}`) fits; without words, everything below `e2e/`. Each once. Throws a UsageError
 * for what is not there.
 */
export function findScripts(words: readonly string[]): readonly string[] {
  if (words.length === 0 && !existsSync(USUAL))
    throw new UsageError('no scripts to run', {
      hint: `name some, or put them below ${USUAL}/: shakedown new scenario 'a visitor logs in'`,
    })
  const named = words.length === 0 ? [USUAL] : words
  return [...new Set(named.flatMap(scriptsAt).map(normalize))]
}

function scriptsAt(word: string): readonly string[] {
  if (!existsSync(word)) return scriptsLike(word)
  if (!statSync(word).isDirectory()) return [word]
  const found = globSync('**/*.{mts,mjs}', { cwd: word, exclude: isForeign })
  if (found.length === 0)
    throw new UsageError(`there are no scripts below ${word}`, { hint: 'they end in .mts or .mjs' })
  return found.sort().map((file) => join(word, file))
}

function scriptsLike(word: string): readonly string[] {
  if (!/[*?[{]/.test(word)) throw new UsageError(`there is no ${word}`, { hint: hintFor(word) })
  const found = globSync(word, { exclude: isForeign }).filter((file) => statSync(file).isFile())
  if (found.length === 0)
    throw new UsageError(`no file fits ${word}`, { hint: '** stands for any folders: e2e/**/*.mts' })
  return found.sort()
}

function isForeign(name: string): boolean {
  return basename(name) === 'node_modules'
}

function hintFor(word: string): readonly string[] {
  const folder = dirname(word)
  if (!existsSync(folder)) return []
  const close = nearest(basename(word), readdirSync(folder))
  return close === undefined ? [] : [`did you mean ${join(folder, close)}?`]
}
