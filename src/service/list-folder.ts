import { readdirSync } from 'node:fs'

/** The names in a folder; none where it is not there, because nobody has put anything there yet. */
export function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // There was no run yet, or none that needed it.
    return []
  }
}
