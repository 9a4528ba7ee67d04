import { existsSync } from 'node:fs'
import { findScripts } from './find-scripts.ts'
import { scanScripts } from './scan/scripts.ts'

/** What the scenarios of these scripts require, by name; nothing in a project that has no scripts yet. Throws a UsageError for words that name none. */
export function requiredBy(words: readonly string[]): ReadonlySet<string> {
  if (words.length === 0 && !existsSync('e2e')) return new Set()
  const scripts = scanScripts(findScripts(words))
  return new Set(scripts.flatMap(({ scenarios }) => scenarios.flatMap(({ requires }) => requires)))
}
