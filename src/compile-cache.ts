import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../node_modules/.cache/shakedown', import.meta.url))
const VARIABLE = 'NODE_COMPILE_CACHE'

/** Keeps what this process compiles from now on, in the package's own folder; where that cannot be written it is compiled again. */
export function keepCompiled(): void {
  if (isCovered()) return
  enableCompileCache(FOLDER)
  // The runner's word to this process alone: what a script starts is compiled as it would be without us.
  if (process.env[VARIABLE] === FOLDER) delete process.env[VARIABLE]
}

/**
 * The environment of a process of ours that keeps what it compiles from its very first file on. Types are stripped once,
 * too: a process that has to do it pays for the stripper more than for everything else in a short script.
 */
export function compiledBefore(): Readonly<Record<string, string>> {
  return isCovered() ? {} : { [VARIABLE]: process.env[VARIABLE] || FOLDER }
}

/** What a coverage tool counts must be compiled for it. */
function isCovered(): boolean {
  return process.env['NODE_V8_COVERAGE'] !== undefined
}
