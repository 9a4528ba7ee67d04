import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a file that is not there yet, and says so; one that is there stays as it is. True when it was written. */
export function writeNew(file: string, text: string): boolean {
  const isThere = existsSync(file)
  if (!isThere) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { flag: 'wx' })
  }
  process.stdout.write(`${isThere ? 'kept   ' : 'wrote  '} ${file}\n`)
  return !isThere
}
