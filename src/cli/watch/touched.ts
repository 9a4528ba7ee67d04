import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { tokensOf } from '../scan/tokens.ts'

/**
 * The scripts that a saved file may change: the script itself, one that imports it, directly or by way of others, and one
 * that names it, or a folder that it is in, in a text: its fixtures. Paths are relative to the working directory.
 */
export function findTouched(scripts: readonly string[], files: readonly string[]): readonly string[] {
  const saved = files.map((file) => resolve(file))
  return scripts.filter((script) => {
    const needed = [...neededBy(resolve(script))]
    return saved.some((file) => needed.some((one) => file === one || file.startsWith(`${one}${sep}`)))
  })
}

/** A file, what it imports by a path, and every file and folder of this project that they name in a text. */
function neededBy(file: string, known: Set<string> = new Set()): ReadonlySet<string> {
  if (known.has(file)) return known
  known.add(file)
  if (!/\.[cm]?[jt]s$/.test(file)) return known
  for (const { kind, value } of tokensOf(readFileSync(file, 'utf8'))) {
    if (kind !== 'text' || value === '' || value.length > 300) continue
    for (const place of placesOf(value, file)) {
      // A text that is a name of code is followed, one that is a name of anything else ends here.
      if (statSync(place).isFile()) neededBy(place, known)
      else known.add(place)
    }
  }
  return known
}

function placesOf(text: string, file: string): readonly string[] {
  const places = [resolve(dirname(file), text), resolve(text)]
  return [...new Set(places)].filter((place) => isBelow(place) && existsSync(place))
}

/** Inside of this project, and not the whole of it. */
function isBelow(place: string): boolean {
  const path = relative('', place)
  return path !== '' && !path.startsWith('..') && !path.split(sep).includes('node_modules')
}
