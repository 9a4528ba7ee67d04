import { watch } from 'node:fs'
import { relative } from 'node:path'

/** Editors write a file in several steps, and several files at once: so long nothing more must come. In milliseconds. */
const QUIET = 150
const NOT_OURS = /(^|[\\/])(node_modules|\.git|\.state)([\\/]|$)|~$|\.sw[a-z]$/

/** Calls with the files below the working directory that were saved, together when they were saved together. The answer ends it. */
export function watchSaved(ignored: string, call: (files: readonly string[]) => void): () => void {
  const results = relative('', ignored)
  const files = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const watcher = watch('.', { recursive: true }, (_, file) => {
    if (file === null || NOT_OURS.test(file) || file === results || file.startsWith(`${results}/`)) return
    files.add(file)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const saved = [...files]
      files.clear()
      call(saved)
    }, QUIET)
  })
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
