import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type DurationText, isDuration } from '../duration.ts'
import { toError, UsageError } from '../error.ts'
import type { ModeName } from '../mode.ts'
import { didYouMean } from '../nearest.ts'
import { show } from '../show.ts'

/** What a project says about its runs in `shakedown.config.ts`, in place of flags that would be typed each time. */
export interface Config {
  /** Scripts, folders and patterns where none is named; `e2e` where it is not given. */
  readonly scripts?: readonly string[]
  readonly mode?: ModeName
  /** So many scripts at a time. */
  readonly workers?: number
  /** Of the whole run: `'10m'`. */
  readonly timeout?: DurationText
  /** How often a scenario may be told again after a failure that it names as transient. */
  readonly retries?: number
  readonly failOnFlaky?: boolean
  readonly bail?: boolean
  /** Where the folders of results are made. */
  readonly results?: string
  /** How a run is told: `'line'`, `'dot'`, …, or the file of a reporter. */
  readonly reporter?: string
  /** Skips that --ci lets pass: parts of their names or reasons. */
  readonly allowSkip?: readonly string[]
}

const isTexts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === 'string')
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0
const isText = (value: unknown) => typeof value === 'string' && value !== ''
const isYesOrNo = (value: unknown) => typeof value === 'boolean'

/** What each key may be, in words. */
const KEYS: Readonly<Record<keyof Config, readonly [is: (value: unknown) => boolean, words: string]>> = {
  scripts: [isTexts, "a list of texts: ['e2e']"],
  mode: [(value) => ['quick', 'full', 'ci'].includes(String(value)), "'quick', 'full' or 'ci'"],
  workers: [isCount, 'a whole number from 1 on'],
  timeout: [isDuration, "a duration in words: '30s', '5m'"],
  retries: [isCount, 'a whole number from 1 on'],
  failOnFlaky: [isYesOrNo, 'true or false'],
  bail: [isYesOrNo, 'true or false'],
  results: [isText, 'a folder'],
  reporter: [isText, 'the name of a reporter, or a file with one'],
  allowSkip: [isTexts, "a list of texts: ['no GPU here']"],
}

/** The configuration in this file, checked. Throws a UsageError that names what is wrong. */
export async function readConfig(file: string): Promise<Config> {
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(resolve(file)).href).catch(
    (thrown: unknown) => {
      throw new UsageError(`${file} cannot be loaded`, { last: toError(thrown).message, cause: thrown })
    },
  )
  const value = module['config'] ?? module['default']
  if (typeof value !== 'object' || value === null)
    throw new UsageError(`${file} has no configuration`, {
      hint: "it exports one: export const config: Config = { … }, with import type { Config } from 'shakedown'",
    })
  check(file, value)
  return value
}

function check(file: string, value: object): void {
  for (const [key, given] of Object.entries(value)) {
    const rule = Object.entries(KEYS).find(([name]) => name === key)?.[1]
    if (rule === undefined)
      throw new UsageError(`${file} has an unknown key: ${key}`, { hint: didYouMean(key, Object.keys(KEYS)) })
    const [is, words] = rule
    if (given !== undefined && !is(given))
      throw new UsageError(`${file}: ${key} is ${show(given)}`, { expected: words })
  }
}
