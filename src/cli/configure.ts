import type { Command } from './command.ts'
import type { Config } from './config.ts'
import type { Given } from './flags.ts'

/** Where a configuration is looked for: in the folder in which the command is run. */
export const CONFIG_FILES = ['shakedown.config.ts', 'shakedown.config.mts', 'shakedown.config.mjs'] as const

/** What flags are called elsewhere. A flag wins over its variable, a variable over the file, and the file over the mode. */
export const SOURCES: Readonly<Record<string, { readonly variable: string; readonly key?: keyof Config }>> = {
  workers: { variable: 'SHAKEDOWN_WORKERS', key: 'workers' },
  timeout: { variable: 'SHAKEDOWN_TIMEOUT', key: 'timeout' },
  retries: { variable: 'SHAKEDOWN_RETRIES', key: 'retries' },
  'fail-on-flaky': { variable: 'SHAKEDOWN_FAIL_ON_FLAKY', key: 'failOnFlaky' },
  bail: { variable: 'SHAKEDOWN_BAIL', key: 'bail' },
  results: { variable: 'SHAKEDOWN_RESULTS_BASE', key: 'results' },
  reporter: { variable: 'SHAKEDOWN_REPORTER', key: 'reporter' },
  'allow-skip': { variable: 'SHAKEDOWN_ALLOW_SKIP', key: 'allowSkip' },
  tag: { variable: 'SHAKEDOWN_TAG' },
  cpus: { variable: 'SHAKEDOWN_CPUS' },
}

/** What was given on the command line, and where it says nothing what the environment and the file say. */
export function configure(given: Given, config: Config, { flags, takesScripts }: Command): Given {
  const further = (name: string): readonly string[] => {
    const source = Object.hasOwn(flags, name) && Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined
    if (source === undefined || given.has(name)) return []
    const text = process.env[source.variable]
    if (text !== undefined) return isOff(text) ? [] : [text]
    const value = source.key === undefined ? undefined : config[source.key]
    if (value === undefined || value === false) return []
    return Array.isArray(value) ? value : [String(value)]
  }
  return {
    has: (name) => given.has(name) || further(name).length > 0,
    value: (name) => given.value(name) ?? further(name).at(-1),
    values: (name) => (given.has(name) ? given.values(name) : further(name)),
    words: given.words.length === 0 && takesScripts === true ? (config.scripts ?? []) : given.words,
  }
}

/** Names the mode of this process, before anything reads it: a flag wins over SHAKEDOWN_MODE, that over the file. */
export function adoptMode(args: readonly string[], { mode }: Config): void {
  const flag = ['quick', 'full', 'ci'].find((name) => args.includes(`--${name}`))
  if (flag !== undefined) process.env['SHAKEDOWN_MODE'] = flag
  else if (mode !== undefined) process.env['SHAKEDOWN_MODE'] ??= mode
}

/** A variable that is empty or says no overrules the file, too. */
function isOff(text: string): boolean {
  return text === '' || text === 'false'
}
