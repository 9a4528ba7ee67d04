import { readdirSync } from 'node:fs'
import { delimiter } from 'node:path'

/** The names of everything in the folders of a PATH, for "did you mean". */
export function listExecutables(path = ''): readonly string[] {
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
