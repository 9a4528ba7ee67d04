import { realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { isOwnProcess } from './escaped.ts'

/** The file that Node was started with, while it runs and after. */
export interface Main {
  /** `unknown` where that cannot be found out. */
  readonly state: 'running' | 'over' | 'unknown'
  /** Resolves when its last line has run, or threw. */
  readonly over: Promise<void>
}

/** Follows whether the script's own file is still being run: importing what is loaded already resolves when that is over. */
export function followMain(): Main {
  const url = mainUrl()
  let state: Main['state'] = url === undefined ? 'unknown' : 'running'
  const end = () => {
    state = 'over'
  }
  return {
    get state() {
      return state
    },
    // Its error is told where it escaped.
    over: url === undefined ? new Promise(() => {}) : import(url).then(end, end),
  }
}

/** Undefined where importing it could run it a second time, because Node may know it by another name. */
function mainUrl(): string | undefined {
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ')
  const [, file] = process.argv
  if (file === undefined || !isOwnProcess() || flags.includes('--preserve-symlinks')) return undefined
  try {
    return pathToFileURL(realpathSync(file)).href
  } catch {
    // Started by a name without its ending: then that is not the name by which Node knows it.
    return undefined
  }
}
